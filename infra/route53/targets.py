"""What a record can point at: the address of a machine, or the name of a balancer."""

import ipaddress
import re
from typing import Any, NamedTuple

from aiplayer.errors import InvalidInput, NotFound
from infra.aws import Aws

BALANCER = re.compile(r"[a-z0-9-]+\.([a-z0-9-]+)\.elb\.amazonaws\.com(\.cn)?")
TTL_S = 60


class Target(NamedTuple):
    """Where a name leads.

    Attributes:
        address: An IPv4 address, or the name of a balancer.
        zone: The zone of the balancer's name; empty for an address.
    """

    address: str
    zone: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The part of a record that says so."""
        if not self.zone:
            return {"TTL": TTL_S, "ResourceRecords": [{"Value": self.address}]}
        # A balancer's addresses change; Route 53 knows them.
        return {"AliasTarget": {"HostedZoneId": self.zone, "DNSName": self.address, "EvaluateTargetHealth": True}}

    @property
    def checked(self) -> dict[str, str]:
        """The part of a health check that says whom it asks."""
        return {} if self.zone else {"IPAddress": self.address}


def find_target(given: str) -> Target:
    """What an address or the name of a balancer is to Route 53.

    Args:
        given: As the operator typed it; `status` of `python -m infra.ec2` prints it.

    Raises:
        InvalidInput: it is neither.
        NotFound: the account has no such balancer in the region of its name.
    """
    name = given.lower().rstrip(".")
    if found := BALANCER.fullmatch(name):
        return Target(name, _zone_of(name, found[1]))
    try:
        address = ipaddress.IPv4Address(given)
    except ValueError:
        raise InvalidInput(
            f"{given} is no IPv4 address and no balancer. Give what `python -m infra.ec2 status` prints.", field="to"
        ) from None
    return Target(str(address))


def _zone_of(name: str, region: str) -> str:
    listed = Aws(region).pages("elbv2", "describe_load_balancers", "LoadBalancers")
    zones = [each["CanonicalHostedZoneId"] for each in listed if each["DNSName"].lower() == name]
    if not zones:
        raise NotFound(f"This account has no balancer {name} in {region}. Look at `python -m infra.ec2 status`.")
    return str(zones[0])
