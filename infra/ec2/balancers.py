"""What stands before groups of machines: a balancer, where it listens, and whom it asks."""

from typing import Any

from infra.aws import unless_missing, wait_until
from infra.ec2.network import Network, SecurityGroup
from infra.ec2.resource import Cost, Found, Resource, Site, Tell, tags_of

# The longest that a balancer can wait for an answer; many pictures are better asked for by jobs.
IDLE_S = 4_000
# As long as a service that is stopped answers whom it has accepted.
DRAIN_S = 45
LONGEST_REMOVAL_S = 600
# What tells operators alone how the service is.
CLOSED_PATHS = ["/metrics", "/readyz"]
NOT_FOUND = '{"error":{"code":"not_found","message":"Nothing is served at this path. GET /docs.json lists what is."}}'
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


class Balancer(Resource):
    """A balancer of HTTP.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        network: Where it lies.
        group: Who may reach it.
        is_internal: Whether it has no public address.
    """

    kind = "balancer"

    def __init__(
        self, site: Site, part: str, network: Network | None, group: SecurityGroup, is_internal: bool = False
    ) -> None:
        super().__init__(site, part)
        self._network = network
        self._group = group
        self._is_internal = is_internal

    def look_up(self) -> Found | None:
        """The balancer of this name."""
        elb = self._elb
        answer = unless_missing(elb.describe_load_balancers, "LoadBalancerNotFound", Names=[self.name])
        if answer is None or not answer["LoadBalancers"]:
            return None
        balancer = answer["LoadBalancers"][0]
        arn = balancer["LoadBalancerArn"]
        attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        details = {"dns": balancer["DNSName"], **{each["Key"]: each["Value"] for each in attributes}}
        return Found(arn, balancer["State"]["Code"], _tags(elb, arn), details)

    def make(self, tell: Tell) -> None:
        """Make it; it answers after some minutes."""
        assert self._network is not None
        self._elb.create_load_balancer(
            Name=self.name,
            Subnets=one_a_zone(self._network),
            SecurityGroups=[self._group.id],
            Scheme="internal" if self._is_internal else "internet-facing",
            Type="application",
            Tags=self.site.listed_tags(self.part),
        )

    def differences(self, found: Found) -> list[str]:
        """Whether it waits for answers as long as it can."""
        lacking = [key for key, value in _ATTRIBUTES.items() if found.details.get(key) != value]
        return ["how long it waits, and what it drops"] if lacking else []

    def change(self, found: Found) -> None:
        """Have it wait so long, and drop headers that are none."""
        attributes = [{"Key": key, "Value": value} for key, value in _ATTRIBUTES.items()]
        self._elb.modify_load_balancer_attributes(LoadBalancerArn=found.id, Attributes=attributes)

    def remove(self, found: Found) -> None:
        """Remove it with where it listens."""
        self._elb.delete_load_balancer(LoadBalancerArn=found.id)
        wait_until(lambda: self.find_ours() is None, f"Removing {self.name}", LONGEST_REMOVAL_S)

    def costs(self, found: Found | None) -> list[Cost]:
        """It and its addresses, without what goes through it."""
        which = "inner" if self._is_internal else "public"
        costs = [Cost(f"{which} balancer", "balancer", 1, "and $0.008 for each unit of what goes through it")]
        if not self._is_internal and self._network:
            costs.append(Cost("its addresses", "ipv4", len(one_a_zone(self._network))))
        return costs

    def address(self, found: Found) -> str:
        """Its name."""
        return str(found.details["dns"])

    @property
    def _elb(self) -> Any:
        return self.site.aws.client("elbv2")


_ATTRIBUTES = {"idle_timeout.timeout_seconds": str(IDLE_S), "routing.http.drop_invalid_header_fields.enabled": "true"}


def one_a_zone(network: Network) -> list[str]:
    """A subnet of each zone."""
    return list({subnet.zone: subnet.id for subnet in network.subnets}.values())


class TargetGroup(Resource):
    """Whom a balancer asks: those of a group that are ready.

    Args:
        site: Where the deployment lies.
        part: Which part of it this is.
        network: Where they lie.
        port: Where they listen.
    """

    kind = "target group"

    def __init__(self, site: Site, part: str, network: Network | None, port: int) -> None:
        super().__init__(site, part)
        self._network = network
        self._port = port

    def look_up(self) -> Found | None:
        """The target group of this name."""
        elb = self._elb
        answer = unless_missing(elb.describe_target_groups, "TargetGroupNotFound", Names=[self.name])
        if answer is None or not answer["TargetGroups"]:
            return None
        arn = answer["TargetGroups"][0]["TargetGroupArn"]
        attributes = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        drain = {each["Key"]: each["Value"] for each in attributes}.get(_DRAIN)
        health = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        ready = sum(each["TargetHealth"]["State"] == "healthy" for each in health)
        return Found(arn, f"{ready} of {len(health)} ready", _tags(elb, arn), {"drain": drain})

    def make(self, tell: Tell) -> None:
        """Make it."""
        assert self._network is not None
        self._elb.create_target_group(
            Name=self.name,
            Protocol="HTTP",
            Port=self._port,
            VpcId=self._network.vpc,
            HealthCheckPath="/readyz",
            HealthCheckIntervalSeconds=10,
            HealthCheckTimeoutSeconds=5,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=3,
            Tags=self.site.listed_tags(self.part),
        )

    def differences(self, found: Found) -> list[str]:
        """Whether those who leave are given their time."""
        return [] if found.details["drain"] == str(DRAIN_S) else ["how long those who leave have"]

    def change(self, found: Found) -> None:
        """Give those who leave their time."""
        attributes = [{"Key": _DRAIN, "Value": str(DRAIN_S)}]
        self._elb.modify_target_group_attributes(TargetGroupArn=found.id, Attributes=attributes)

    def remove(self, found: Found) -> None:
        """Remove it."""
        self._elb.delete_target_group(TargetGroupArn=found.id)

    @property
    def _elb(self) -> Any:
        return self.site.aws.client("elbv2")


_DRAIN = "deregistration_delay.timeout_seconds"


def _tags(elb: Any, arn: str) -> dict[str, str]:
    described = elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    return tags_of(described[0]["Tags"]) if described else {}
