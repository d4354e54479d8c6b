"""From a site to NGINX's configuration: names become addresses, for NGINX would look a name up once and never again."""

import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aiplayer.errors import InvalidInput
from infra.nginx.site import Site

TEMPLATE = "nginx.conf.jinja"

# The addresses of a name.
LookUp = Callable[[str], list[str]]


def addresses_of(name: str) -> list[str]:
    """The IPv4 addresses of a name, in order.

    Raises:
        InvalidInput: it has none.
    """
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        raise InvalidInput(f"{name} has no address: {error.strerror}. Write it as the DNS knows it.") from error
    return sorted({str(address[4][0]) for address in found})


def configuration_of(site: Site, look_up: LookUp = addresses_of) -> str:
    """The text of nginx.conf.

    Args:
        site: The site.
        look_up: Finds the addresses of a name.

    Raises:
        InvalidInput: a name has no address.
    """
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # It is no HTML; what a site may say is checked where it is read.
        autoescape=False,
    )
    places = {"gateways": site.gateways, "canaries": site.canaries, "pages": site.pages}
    found = {name: _addresses(named, look_up) for name, named in places.items()}
    return templates.get_template(TEMPLATE).render(site=site, **found)


def _addresses(places: Sequence[str], look_up: LookUp) -> list[str]:
    """Every address of every place, with its port, once."""
    found: dict[str, None] = {}
    for place in places:
        name, port = place.rsplit(":", 1)
        found |= dict.fromkeys(f"{address}:{port}" for address in look_up(name))
    return list(found)
