"""A public address of a deployment's own, to which a name can point."""

from typing import Any

from infra.aws import once_settled
from infra.ec2.machines import START_S, Machine
from infra.ec2.resource import Cost, Found, Resource, Site, Tell, tags_of


class Address(Resource):
    """The public address of a machine, which stays when the machine is stopped or made anew.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        machine: The machine.
    """

    kind = "address"

    def __init__(self, site: Site, part: str, machine: Machine) -> None:
        super().__init__(site, part)
        self._machine = machine

    def look_up(self) -> Found | None:
        """The address with the tags of this part."""
        tags = {key: value for key, value in self.site.tags(self.part).items() if key != "Name"}
        filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
        listed = self._ec2.describe_addresses(Filters=filters)["Addresses"]
        if not listed:
            return None
        state = "in use" if listed[0].get("InstanceId") else "free"
        return Found(listed[0]["AllocationId"], state, tags_of(listed[0]["Tags"]), listed[0])

    def make(self, tell: Tell) -> None:
        """Have one, which is nobody's yet."""
        tags = {"ResourceType": "elastic-ip", "Tags": self.site.listed_tags(self.part)}
        self._ec2.allocate_address(Domain="vpc", TagSpecifications=[tags])

    def differences(self, found: Found) -> list[str]:
        """Whether it is another machine's."""
        machine = self._machine.find()
        is_its = machine is not None and found.details.get("InstanceId") == machine.id
        return [] if is_its else ["whose it is"]

    def change(self, found: Found) -> None:
        """Give it to the machine when that runs."""
        machine = self._machine.id
        once_settled(
            self._ec2.associate_address,
            "InvalidInstanceID",
            "IncorrectInstanceState",
            longest_s=START_S,
            AllocationId=found.id,
            InstanceId=machine,
        )

    def remove(self, found: Found) -> None:
        """Give it back."""
        if association := found.details.get("AssociationId"):
            self._ec2.disassociate_address(AssociationId=association)
        self._ec2.release_address(AllocationId=found.id)

    def costs(self, found: Found | None) -> list[Cost]:
        """The address."""
        return [Cost("public address", "ipv4", 1)]

    def address(self, found: Found) -> str:
        """The address itself."""
        return str(found.details["PublicIp"])

    @property
    def _ec2(self) -> Any:
        return self.site.aws.client("ec2")
