"""What machines are: their types, their system, their disk, and who may ask them about themselves."""

from typing import Any, NamedTuple

from infra.ec2.machine_types import Offer, System
from infra.ec2.network import Network


class Hardware(NamedTuple):
    """What machines are.

    Attributes:
        network: Where they lie.
        offers: Of which types they may be, the most wanted first.
        system: What starts on them.
        is_role_for_containers: Whether containers may use the machine's role, to pull models or to measure.
    """

    network: Network
    offers: list[Offer]
    system: System
    is_role_for_containers: bool

    @property
    def metadata(self) -> dict[str, Any]:
        """Who may ask the machine about itself, and so get the credentials of its role."""
        # An answer to a container goes one hop further than one to the machine.
        return {
            "HttpTokens": "required",
            "HttpEndpoint": "enabled",
            "HttpPutResponseHopLimit": 2 if self.is_role_for_containers else 1,
        }

    @property
    def disks(self) -> list[dict[str, Any]]:
        """The encrypted disk of a machine: system, image and models."""
        disk = {"VolumeSize": self.system.disk_gb, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}
        return [{"DeviceName": self.system.device, "Ebs": disk}]
