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


def checked_endpoint(url: str, example: str, secrets_go_to: str) -> str:
    """The address of a program that is asked something, as it was given; empty where there is none.

    Args:
        url: The address.
        example: One that would do.
        secrets_go_to: The variable for what the program asks for as a password.

    Raises:
        ValueError: it is no address of HTTP, or holds a password, which would stand in logs.
    """
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be an address such as {example}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"must hold no password; {secrets_go_to} is for that")
    return url
