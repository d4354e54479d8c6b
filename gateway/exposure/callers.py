"""From which address a request comes, as far as it can be believed."""

import ipaddress
import os
from collections.abc import Sequence

from starlette.types import Scope

# Where uvicorn reads whom it believes; by default every program of this machine.
TRUSTED_VARIABLE = "FORWARDED_ALLOW_IPS"
UNKNOWN = "unknown"
# One customer of a network has that many addresses of IPv6, all with the same first bits.
CUSTOMER_BITS = 64


def trust_proxies(networks: Sequence[str]) -> None:
    """Let uvicorn take a caller's address from X-Forwarded-For where one of these has sent it, and from nobody else.

    Args:
        networks: Addresses, and networks such as `10.0.0.0/8`.
    """
    os.environ[TRUSTED_VARIABLE] = ",".join(networks)


def caller_address(scope: Scope) -> str:
    """Whom to count a request for: an address of IPv4, a customer's network of IPv6, or `UNKNOWN`."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return UNKNOWN

    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), CUSTOMER_BITS), strict=False))
