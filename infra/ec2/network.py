"""Where machines lie: a network that is there already, and who may reach which port in it."""

from typing import Any, NamedTuple

from aiplayer.errors import InvalidInput
from infra.aws import Aws, once_settled
from infra.ec2.resource import Found, Resource, Site, Tell, tags_of

ANYWHERE = "0.0.0.0/0"
# The addresses of machines that have just ended hold their security group for a while.
LONGEST_HOLD_S = 600


class Subnet(NamedTuple):
    """A subnet and its zone."""

    id: str
    zone: str


class Network(NamedTuple):
    """A VPC.

    Attributes:
        vpc: Its id.
        addresses: Those of it, as a CIDR block.
        is_default: Whether EC2 chooses a zone by itself there.
        subnets: Those whose machines get public addresses.
    """

    vpc: str
    addresses: str
    is_default: bool
    subnets: list[Subnet]


def find_network(aws: Aws, vpc: str) -> Network:
    """A VPC with its public subnets.

    Args:
        aws: The account.
        vpc: Its id; empty for the default one of the region.

    Raises:
        InvalidInput: there is none, or it has no public subnet.
    """
    chosen = {"Name": "vpc-id", "Values": [vpc]} if vpc else {"Name": "is-default", "Values": ["true"]}
    found = aws.pages("ec2", "describe_vpcs", "Vpcs", Filters=[chosen])
    if not found:
        what = f"no VPC {vpc}" if vpc else "no default VPC"
        raise InvalidInput(f"There is {what} in {aws.region}. Name another: --vpc vpc-…", field="vpc")

    described = found[0]
    in_it = [
        {"Name": "vpc-id", "Values": [described["VpcId"]]},
        {"Name": "map-public-ip-on-launch", "Values": ["true"]},
    ]
    listed = aws.pages("ec2", "describe_subnets", "Subnets", Filters=in_it)
    subnets = sorted(
        (Subnet(each["SubnetId"], each["AvailabilityZone"]) for each in listed), key=lambda each: each.zone
    )
    if not subnets:
        raise InvalidInput(
            f"{described['VpcId']} has no subnet whose machines get public addresses, by which they fetch the image. "
            "Name another: --vpc vpc-…",
            field="vpc",
        )
    return Network(described["VpcId"], described["CidrBlock"], described["IsDefault"], subnets)


class Opening(NamedTuple):
    """A port and who may reach it.

    Attributes:
        port: The port, of TCP.
        source: A CIDR block, or a security group.
    """

    port: int
    source: "str | SecurityGroup"


class SecurityGroup(Resource):
    """Which ports of some machines are open to whom.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        network: The VPC.
        openings: What is open; nothing else is.
    """

    kind = "security group"

    def __init__(self, site: Site, part: str, network: Network | None, openings: list[Opening]) -> None:
        super().__init__(site, part)
        self._network = network
        self._openings = openings

    def look_up(self) -> Found | None:
        """The group of this name in the VPC, else in any."""
        filters = [{"Name": "group-name", "Values": [self.name]}]
        if self._network:
            filters.append({"Name": "vpc-id", "Values": [self._network.vpc]})
        groups = self.site.aws.pages("ec2", "describe_security_groups", "SecurityGroups", Filters=filters)
        if not groups:
            return None
        group = groups[0]
        rules = {rule for permission in group["IpPermissions"] for rule in _rules_of(permission)}
        return Found(group["GroupId"], "", tags_of(group.get("Tags", [])), {"rules": rules})

    def make(self, tell: Tell) -> None:
        """Make it, without an opening yet."""
        assert self._network is not None
        self._ec2.create_security_group(
            GroupName=self.name,
            Description=f"AI Player {self.site.name}: {self.part}",
            VpcId=self._network.vpc,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": self.site.listed_tags(self.part)}],
        )

    def differences(self, found: Found) -> list[str]:
        """Openings that lack, and those that should not be."""
        wanted, present = self._rules(), found.details["rules"]
        lacking = [f"open {port} to {source}" for port, source in sorted(wanted - present)]
        return lacking + [f"close {port} to {source}" for port, source in sorted(present - wanted)]

    def change(self, found: Found) -> None:
        """Open and close."""
        wanted, present = self._rules(), found.details["rules"]
        if lacking := sorted(wanted - present):
            permissions = [_permission(*rule) for rule in lacking]
            self._ec2.authorize_security_group_ingress(GroupId=found.id, IpPermissions=permissions)
        if surplus := sorted(present - wanted):
            permissions = [_permission(*rule) for rule in surplus]
            self._ec2.revoke_security_group_ingress(GroupId=found.id, IpPermissions=permissions)

    def remove(self, found: Found) -> None:
        """Remove it when nothing holds it any more."""
        once_settled(self._ec2.delete_security_group, "DependencyViolation", longest_s=LONGEST_HOLD_S, GroupId=found.id)

    @property
    def _ec2(self) -> Any:
        return self.site.aws.client("ec2")

    def _rules(self) -> set[tuple[int, str]]:
        return {(each.port, _name_of(each.source)) for each in self._openings}


def _name_of(source: str | SecurityGroup) -> str:
    if isinstance(source, str):
        return source
    found = source.find()
    return found.id if found else source.name


def _permission(port: int, source: str) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if "/" in source:
        return permission | {"IpRanges": [{"CidrIp": source}]}
    return permission | {"UserIdGroupPairs": [{"GroupId": source}]}


def _rules_of(permission: dict[str, Any]) -> list[tuple[int, str]]:
    """The openings of a permission; -1 for one of every port."""
    sources = [entry["CidrIp"] for entry in permission.get("IpRanges", [])]
    sources += [entry["GroupId"] for entry in permission.get("UserIdGroupPairs", [])]
    return [(permission.get("FromPort", -1), source) for source in sources]
