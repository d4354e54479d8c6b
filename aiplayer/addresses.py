"""Addresses of services, and which of them are this machine's own."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_on_this_machine(url: str) -> bool:
    """Whether a URL names this machine by a loopback address, which no proxy can reach.

    Args:
        url: An address such as `http://127.0.0.1:3000` or `http://localhost:3000`.
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True

    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
