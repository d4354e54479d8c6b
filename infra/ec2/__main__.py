"""Runs AI Player on EC2, from the image that `python -m infra.image` builds.

    python -m infra.ec2 plan --name demo --image URI         what would be made, and what it would cost
    python -m infra.ec2 up --name demo --image URI           make it: one machine, or with --group several
    python -m infra.ec2 status --name demo                   what is there, and its addresses
    python -m infra.ec2 deploy --name demo --image URI       bring another image, or by --set another set
    python -m infra.ec2 down --name demo                     remove all of it

Each may be killed, and started again it goes on. Give `up` the same options each time: what they do not ask for goes.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.aws import Aws, one_line_errors
from infra.ec2.deploying import deploy
from infra.ec2.deployment import Step
from infra.ec2.layout import lay_out
from infra.ec2.options import Options, checked_name, checked_options
from infra.ec2.parameters import checked_release
from infra.ec2.prices import estimate, read_prices
from infra.ec2.resource import Site
from training.console import print_whole, run_command

CONSOLE = Console(highlight=False, soft_wrap=True)
SIGNS = {"make": "+", "keep": "=", "change": "~", "remove": "-"}


def main() -> None:
    """The command line."""
    arguments = _parse_arguments()
    name = checked_name(arguments.name)
    with one_line_errors():
        COMMANDS[arguments.command](arguments, Site(Aws(arguments.region), name))


def show_plan(arguments: argparse.Namespace, site: Site) -> None:
    """Print what `up` would do, and what the deployment would cost."""
    options = _options(arguments)
    _prove_credentials(site)
    steps = lay_out(site, options).deployment.plan()
    table = Table(box=None, show_header=False, pad_edge=False)
    for step in steps:
        table.add_row(SIGNS[step.action], step.action, step.resource.kind, step.resource.name, step.words)
    print_whole(table, CONSOLE)
    changes = sum(step.action != "keep" for step in steps)
    CONSOLE.print(f"{changes} of {len(steps)} would change" if changes else "Nothing would change.")
    _show_costs(steps)


def make(arguments: argparse.Namespace, site: Site) -> None:
    """Do what `plan` says."""
    options = _options(arguments)
    _prove_credentials(site)
    layout = lay_out(site, options)
    done = layout.deployment.up(tell, arguments.remove)
    if done:
        CONSOLE.print(f"It takes some minutes until it answers: python -m infra.ec2 status --name {site.name}")
    else:
        CONSOLE.print("Nothing had to be changed.")


def show_status(arguments: argparse.Namespace, site: Site) -> None:
    """Print what there is."""
    _prove_credentials(site)
    layout = lay_out(site)
    found = layout.deployment.found()
    if not found:
        CONSOLE.print(f"There is no deployment {site.name} in {site.aws.region}.")
        return

    table = Table(box=None, show_header=False, pad_edge=False)
    for resource, it in found:
        table.add_row(resource.kind, resource.name, it.state, resource.address(it))
    print_whole(table, CONSOLE)
    if served := layout.release.find_ours():
        release = layout.release.read(served)
        CONSOLE.print(f"It serves {release.image} with the set {release.set_name or 'packed in it'}.")


def bring(arguments: argparse.Namespace, site: Site) -> None:
    """Bring another release to what serves."""
    if arguments.image or arguments.set is not None:
        # Names are checked before Amazon is asked for anything.
        checked_release(arguments.image or "unchanged", arguments.set or "")
    _prove_credentials(site)
    deploy(lay_out(site), arguments.image, arguments.set, tell)


def remove(arguments: argparse.Namespace, site: Site) -> None:
    """Remove all that carries the deployment's tag."""
    _prove_credentials(site)
    removed = lay_out(site).deployment.down(tell)
    CONSOLE.print(f"{removed} removed, nothing is left of {site.name}.")


def tell(line: str) -> None:
    """Say what was done."""
    CONSOLE.print(f"[green]✓[/] {line}")


def _show_costs(steps: list[Step]) -> None:
    lines = estimate([cost for step in steps if step.action != "remove" for cost in step.resource.costs(step.found)])
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for line in lines:
        table.add_row(line.part, "?" if line.usd is None else f"${line.usd:,.2f}", line.note)
    table.add_row("[bold]a month[/]", f"[bold]${sum(line.usd or 0 for line in lines):,.2f}[/]")
    print_whole(table, CONSOLE)
    newest = max(price.date for price in read_prices().values())
    CONSOLE.print(f"An estimate: list prices of us-east-1 as of {newest} or before, without traffic.")


def _prove_credentials(site: Site) -> None:
    """Ask who we are, so that wrong credentials are told before anything else."""
    _ = site.aws.account


def _options(arguments: argparse.Namespace) -> Options:
    return checked_options(
        image=arguments.image,
        set_name=arguments.set or "",
        repository=arguments.repository,
        secrets=arguments.secrets,
        types=arguments.type,
        is_cpu=arguments.cpu,
        vpc=arguments.vpc,
        ssh_cidr=arguments.ssh_cidr,
        is_group=arguments.group,
        certificate=arguments.certificate,
        machines=arguments.machines,
        most_painters=arguments.painters,
    )


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.ec2", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=(command.__doc__ or "").split("\n")[0])
        own.add_argument("--name", required=True, help="of the deployment: up to 14 small letters, digits and dashes")
        own.add_argument("--region", default="", help="default: boto3's")
        if name in ("plan", "up", "deploy"):
            own.add_argument("--image", default="", help="as Docker pulls it")
            own.add_argument("--set", help="the set that machines pull (default: the one packed in the image)")
        if name in ("plan", "up"):
            _add_options(own)
    return parser.parse_args()


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repository", default="", help="s3://bucket/prefix from which sets are pulled")
    parser.add_argument("--secrets", type=Path, help="a folder with a file for each secret")
    parser.add_argument("--cpu", action="store_true", help="types without a GPU")
    parser.add_argument("--type", action="append", default=[], help="a type of machine; again for the next to try")
    parser.add_argument("--vpc", default="", help="default: that of the region")
    parser.add_argument("--ssh-cidr", default="", help="who may come by SSH (default: nobody; Systems Manager does)")
    parser.add_argument("--group", action="store_true", help="gateways behind a balancer")
    parser.add_argument("--certificate", default="", help="the ARN of the balancer's certificate")
    parser.add_argument("--machines", type=int, default=2, help="how many gateways a group has (default 2)")
    parser.add_argument("--painters", type=int, default=0, help="how many painters come at most (default 0)")
    parser.add_argument("--remove", action="store_true", help="remove what is not asked for any more")


COMMANDS = {"plan": show_plan, "up": make, "status": show_status, "deploy": bring, "down": remove}


if __name__ == "__main__":
    run_command(main)
