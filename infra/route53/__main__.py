"""Points a name at a deployment, and at another one while that does not answer.

    python -m infra.route53 point --zone ZONE --record play.example.com --to ADDRESS [--standby ADDRESS]
    python -m infra.route53 remove --zone ZONE --record play.example.com

An address is an IPv4 address, or the name of a balancer, as `python -m infra.ec2 status` prints them.
"""

import argparse
import re

from rich.console import Console

from aiplayer.errors import InvalidInput
from infra.aws import Aws, one_line_errors
from infra.route53.health import make_check, remove_checks
from infra.route53.records import (
    PRIMARY,
    STANDBY,
    Place,
    apply,
    differences,
    own_records,
    present_records,
    wanted_records,
    words_of,
)
from infra.route53.targets import find_target
from infra.route53.zones import find_zone
from training.console import run_command

CONSOLE = Console(highlight=False, soft_wrap=True)
RECORD = re.compile(r"([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
PATHS = ("/healthz", "/readyz")
# Route 53 is in no region, but boto3 wants one.
REGION = "us-east-1"


def main() -> None:
    """The command line."""
    arguments = _parse_arguments()
    record = arguments.record.lower().rstrip(".")
    if not RECORD.fullmatch(record):
        raise InvalidInput(f"{arguments.record} is no name. Give one such as play.example.com.", field="record")
    with one_line_errors():
        COMMANDS[arguments.command](arguments, Aws(REGION), record)


def point(arguments: argparse.Namespace, aws: Aws, record: str) -> None:
    """Have a name lead to a place, and to another while that does not answer."""
    zone = find_zone(aws, arguments.zone, record)
    targets = {PRIMARY: find_target(arguments.to)}
    if arguments.standby:
        targets[STANDBY] = find_target(arguments.standby)
        if targets[STANDBY] == targets[PRIMARY]:
            raise InvalidInput("--standby is where --to is. Name another place, or leave it out.", field="standby")

    places = [
        Place(role, target, make_check(aws, record, role.lower(), target, arguments.path))
        for role, target in targets.items()
    ]
    present = present_records(aws, zone, record)
    wanted = wanted_records(record, places)
    if changes := differences(present, wanted):
        apply(aws, zone, changes)
        before = f", no longer to {words_of(present)}" if words_of(present) not in ("", words_of(wanted)) else ""
        CONSOLE.print(f"[green]✓[/] {record} leads to {words_of(wanted)}{before}")
    else:
        CONSOLE.print(f"Nothing had to be changed: {record} leads to {words_of(wanted)}.")
    remove_checks(aws, record, {place.check for place in places})


def remove(arguments: argparse.Namespace, aws: Aws, record: str) -> None:
    """Remove the records of a name that were made here, and their health checks."""
    zone = find_zone(aws, arguments.zone, record)
    own = own_records(aws, record, present_records(aws, zone, record))
    if own:
        apply(aws, zone, [{"Action": "DELETE", "ResourceRecordSet": each} for each in own])
    checks = remove_checks(aws, record, set())
    CONSOLE.print(f"{len(own)} records and {checks} health checks of {record} removed, nothing of ours is left.")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.route53", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.__doc__)
        own.add_argument("--zone", required=True, help="the id of the public zone")
        own.add_argument("--record", required=True, help="the name")
        if name == "point":
            own.add_argument("--to", required=True, help="an IPv4 address, or the name of a balancer")
            own.add_argument("--standby", default="", help="where the name leads while the other does not answer")
            own.add_argument("--path", choices=PATHS, default=PATHS[0], help=f"what is asked (default {PATHS[0]})")
    return parser.parse_args()


COMMANDS = {"point": point, "remove": remove}


if __name__ == "__main__":
    run_command(main)
