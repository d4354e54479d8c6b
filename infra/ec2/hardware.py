"""What machines are: their types, their system, their disk, and who may ask them about themselves."""

from typing import Any, NamedTuple

from infra.ec2.access import InstanceProfile
from infra.ec2.machine_types import Offer, System
from infra.ec2.network import Network, SecurityGroup
from infra.ec2.resource import Resource, Site


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


class Computer(Resource):
    """A machine, or what machines are made by.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        hardware: What it is made of; None for whatever it is.
        group: Who may reach it.
        profile: What it may do.
        user_data: What it does when it starts for the first time.
    """

    def __init__(
        self,
        site: Site,
        part: str,
        hardware: Hardware | None,
        group: SecurityGroup,
        profile: InstanceProfile,
        user_data: str,
    ) -> None:
        super().__init__(site, part)
        self._hardware = hardware
        self._group = group
        self._profile = profile
        self._user_data = user_data
