"""NGINX before the gateways and pages of a site.

python -m infra.nginx show   --site site.toml                     the configuration
python -m infra.nginx apply  --site site.toml [--canary-percent]  check it, put it in place, reload
python -m infra.nginx follow --site site.toml                     look names up, apply where their addresses change
"""

import argparse
import sys
import time
from pathlib import Path

from aiplayer.errors import AIPlayerError
from infra.nginx.configuration import configuration_of
from infra.nginx.running import UNCHANGED, apply
from infra.nginx.site import read_site

FOLLOW_EVERY_S = 10.0


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: What stands behind `python -m infra.nginx`; default: this process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m infra.nginx", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=["show", "apply", "follow"])
    parser.add_argument("--site", type=Path, required=True, help="the site's file; infra/nginx/site.toml is an example")
    parser.add_argument("--config", type=Path, default=Path("/etc/nginx/nginx.conf"), help="NGINX's configuration")
    parser.add_argument("--program", default="nginx", help="the program (default nginx)")
    parser.add_argument("--canary-percent", type=float, help="the share of callers for the canaries, not the file's")
    return parser.parse_args(arguments)


def main() -> None:
    """Run the command line."""
    arguments = parse_arguments()
    try:
        run(arguments)
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except KeyboardInterrupt:
        print("stopped")


def run(arguments: argparse.Namespace) -> None:
    """Do what is asked for.

    Raises:
        AIPlayerError: it cannot be done; what NGINX served before is served still.
    """
    site = read_site(arguments.site, arguments.canary_percent)
    if arguments.command == "show":
        print(configuration_of(site), end="")
        return
    print(apply(site, arguments.config, arguments.program))
    while arguments.command == "follow":
        time.sleep(FOLLOW_EVERY_S)
        try:
            done = apply(site, arguments.config, arguments.program)
        except AIPlayerError as error:
            # The DNS may be away for a while; the addresses that were known last stay.
            done = f"kept as it is: {error.message}"
        if done != UNCHANGED:
            print(f"{time.strftime('%H:%M:%S')} {done}", flush=True)


if __name__ == "__main__":
    main()
