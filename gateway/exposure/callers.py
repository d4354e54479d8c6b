"""From which address a request comes, as far as it can be believed."""

import ipaddress
import os
from collections.abc import Sequence

from starlette.types import Scope

from aiplayer.exposure import ApiKey

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


def caller_of(scope: Scope, key: ApiKey | None) -> str:
    """Whom to count a request for: the name of its key, else its address.

    Args:
        scope: The request.
        key: The known key that was sent with it, None where there was none.
    """
    return f"key {key.name}" if key else f"address {caller_address(scope)}"


def caller_address(scope: Scope) -> str:
    """An address of IPv4, a customer's network of IPv6, or `UNKNOWN`."""
    address = _address(scope)
    if address is None:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address), CUSTOMER_BITS), strict=False))


def is_of_this_machine(scope: Scope) -> bool:
    """Whether a request comes from a loopback address."""
    address = _address(scope)
    return address is not None and address.is_loopback


def _address(scope: Scope) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The caller's address, of IPv4 as such however it is written; None where it cannot be read."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
