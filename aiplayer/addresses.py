"""Addresses of services: which can be used, and which of them are this machine's own."""

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


def checked_endpoint(url: str) -> str:
    """The address of a program that is sent something, as it was given; empty where there is none.

    Raises:
        ValueError: it is no address of HTTP, or holds a password, which would stand in logs.
    """
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as http://127.0.0.1:4318")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no password; OTEL_EXPORTER_OTLP_HEADERS is for what the collector asks for")
    return url
