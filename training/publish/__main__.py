"""Publishes sets of models, each of a title encoder, a title index, a recommender and what paints.

    python -m training.publish list [--remote]      what there is
    python -m training.publish push [NAME]          copy a set to the repository
    python -m training.publish pull NAME|latest     copy a set from the repository
    python -m training.publish promote NAME         serve the database with it
    python -m training.publish rollback             serve the database with the set before
    python -m training.publish compare              how often the playlists of each set are liked

A set never changes, and is named as the header X-Model-Set names it. The beginning of a name is enough.
"""

import argparse
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from aiplayer.catalogue import Catalogue, connect
from aiplayer.errors import InvalidInput
from aiplayer.model_set import model_set, weights_of
from aiplayer.pins import database_key
from aiplayer.promotion import running
from aiplayer.settings import STATE, Settings
from training.console import print_whole, run_command
from training.publish.like_table import INTERVAL_NOTE, likes_table
from training.publish.listing import print_difference, shown, table_of
from training.publish.lock import alone
from training.publish.manifest import SetManifest
from training.publish.pins import KEPT_SETS, read_pins
from training.publish.production import production_set, promote, rollback
from training.publish.pruning import kept_sets, needed_pins, prune, prune_repository
from training.publish.registry import list_sets, read_set
from training.publish.repository import Tell, open_repository
from training.publish.taking_over import AT_ONCE, Canary, TakeOver, in_running_services
from training.publish.transfer import find_remote, pull, push, read_remote

CONSOLE = Console(highlight=False, soft_wrap=True)
# A table of sets has room, also where it is piped into a file.
WIDTH = 120


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("BENTOML_HOME", str(STATE / "bentoml"))
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    arguments = _parse_arguments()
    settings = Settings()
    with alone(CONSOLE, "a set-up or another command is at work; this one waits for it"):
        COMMANDS[arguments.command](arguments, settings)


def show_list(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print a table of the sets."""
    here = {manifest.name: manifest for manifest in list_sets()}
    there = None
    if arguments.remote or arguments.source:
        repository = open_repository(arguments.source, settings)
        there = {name: read_remote(name, repository) for name in repository.set_names()}
    served = read_pins().databases.values()
    in_production = [name for name, manifest in here.items() if any(map(manifest.is_pinned_as, served))]
    if here or there:
        CONSOLE.width = max(CONSOLE.width, WIDTH)
        CONSOLE.print(table_of(here, there, in_production))
    else:
        CONSOLE.print("There are no sets yet. `make setup` makes one.")


def show_set(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print the card of a set, or its facts."""
    CONSOLE.print(shown(read_set(arguments.name)))


def show_difference(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print what differs between two sets."""
    print_difference(CONSOLE, read_set(arguments.one), read_set(arguments.other))


def push_set(arguments: argparse.Namespace, settings: Settings) -> None:
    """Copy a set to the repository."""
    manifest = read_set(arguments.name) if arguments.name else _production(settings)
    repository = open_repository(arguments.to, settings)
    with _progress(f"pushing {manifest.name}", manifest.size_bytes) as tell:
        copied = push(manifest, repository, tell, again=arguments.again)
    files = f"{copied} files copied" if copied else "every file was there"
    CONSOLE.print(f"[green]✓[/] {manifest.name} is in {escape(repository.address)}: {files}")


def pull_set(arguments: argparse.Namespace, settings: Settings) -> None:
    """Copy a set from the repository."""
    repository = open_repository(arguments.source, settings)
    manifest = find_remote(arguments.name, repository)
    with _progress(f"pulling {manifest.name}", sum(record.bytes for record in manifest.records())) as tell:
        pull(manifest, repository, tell)
    CONSOLE.print(f"[green]✓[/] {manifest.name} is here, made for catalogue {escape(manifest.catalogue)}")
    CONSOLE.print(f"To serve it: python -m training.publish promote {manifest.name}")


def promote_set(arguments: argparse.Namespace, settings: Settings) -> None:
    """Make a set production of the configured database."""
    take_over = _taking_over(settings, Canary(arguments.canary, arguments.watch if arguments.canary else 0))
    url = settings.database_url.get_secret_value()
    _tell_promoted(promote(arguments.name, url, weights_of(settings), take_over=take_over), settings)


def roll_back(arguments: argparse.Namespace, settings: Settings) -> None:
    """Make the set before production of the configured database."""
    left = _production(settings)
    url = settings.database_url.get_secret_value()
    _tell_promoted(rollback(url, weights_of(settings), take_over=_taking_over(settings, AT_ONCE)), settings)
    CONSOLE.print(f"To come back to the other: python -m training.publish promote {left.name}")


def compare_sets(arguments: argparse.Namespace, settings: Settings) -> None:
    """Print how often what each set answered is liked, beside the set in production."""
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    counts = Catalogue(engine).likes_by_set()
    engine.dispose()
    if counts:
        print_whole(likes_table(counts, _production(settings).name), CONSOLE)
        CONSOLE.print(f"[dim]{INTERVAL_NOTE}[/]")
    else:
        CONSOLE.print("No playlist is in the log yet whose set of models is known.")


def prune_sets(arguments: argparse.Namespace, settings: Settings) -> None:
    """Remove what nobody needs."""
    if arguments.keep < 0:
        raise InvalidInput(f"{arguments.keep} is no number of sets to keep. Give 0 or more.", field="keep")
    repository = open_repository(arguments.source, settings) if arguments.remote or arguments.source else None
    pruned = prune(arguments.keep, settings.models)
    CONSOLE.print(f"removed here: {len(pruned.sets)} sets, {len(pruned.files)} models")
    if repository:
        needed = {manifest.name for manifest in kept_sets(list_sets(), needed_pins(read_pins(), arguments.keep))}
        pruned = prune_repository(repository, arguments.keep + 1, needed)
        CONSOLE.print(
            f"removed in {escape(repository.address)}: {len(pruned.sets)} sets, {len(pruned.files)} files that are a "
            "day old"
        )


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], None]] = {
    "list": show_list,
    "show": show_set,
    "diff": show_difference,
    "push": push_set,
    "pull": pull_set,
    "promote": promote_set,
    "rollback": roll_back,
    "compare": compare_sets,
    "prune": prune_sets,
}


def _production(settings: Settings) -> SetManifest:
    return production_set(settings.database_url.get_secret_value(), weights_of(settings))


def _taking_over(settings: Settings, canary: Canary) -> TakeOver:
    """Have running services of the configured database serve a set, and say what they do."""
    return in_running_services(database_key(settings.database_url), canary, _tell_progress)


def _tell_progress(words: str) -> None:
    if words:
        CONSOLE.print(f"  {words}")


def _tell_promoted(manifest: SetManifest, settings: Settings) -> None:
    """Say what is production now, and what is left to do."""
    CONSOLE.print(f"[green]✓[/] {manifest.name} is production of this database")
    if not running(database_key(settings.database_url)):
        CONSOLE.print("`make up` serves it from its next start on; other services have to be started anew.")
    served = model_set(Settings()).name
    if served != manifest.name:
        CONSOLE.print(
            "[yellow]The environment or aiplayer.toml names other models or another painter, and wins: "
            f"{served} would be served.[/]"
        )


@contextmanager
def _progress(what: str, size_bytes: int) -> Iterator[Tell]:
    """A bar over the bytes of a set, with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=CONSOLE, transient=True, disable=not CONSOLE.is_terminal) as bar:
        task = bar.add_task(what, total=size_bytes)
        yield lambda size: bar.advance(task, size)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.publish", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser("list", help="the sets of this machine, and of the repository")
    command.add_argument("--remote", action="store_true", help="those of the repository too")
    _add_source(command)
    commands.add_parser("show", help="the card of a set, or its facts").add_argument("name")
    command = commands.add_parser("diff", help="what differs between two sets")
    command.add_argument("one")
    command.add_argument("other")
    command = commands.add_parser("push", help="copy a set to the repository")
    command.add_argument("name", nargs="?", default="", help="default: production of the database")
    command.add_argument("--to", default="", metavar="URL", help="default: AIPLAYER_MODEL_REPOSITORY")
    command.add_argument("--again", action="store_true", help="also files that are there, for they are damaged")
    command = commands.add_parser("pull", help="copy a set from the repository")
    command.add_argument("name", help="a set, or: latest")
    _add_source(command)
    command = commands.add_parser("promote", help="serve the database with a set; a running `make up` takes it over")
    command.add_argument("name")
    command.add_argument("--canary", type=float, default=10, metavar="PERCENT", help="callers at first (default 10)")
    command.add_argument("--watch", type=float, default=30, metavar="SECONDS", help="how long so (default 30)")
    commands.add_parser("rollback", help="serve the database with the set before")
    commands.add_parser("compare", help="how often the playlists of each set are liked")
    command = commands.add_parser("prune", help="remove sets and models that nobody needs")
    command.add_argument("--keep", type=int, default=KEPT_SETS - 1, metavar="N", help="earlier sets of each database")
    command.add_argument("--remote", action="store_true", help="in the repository too, but for its N + 1 newest sets")
    _add_source(command)
    return parser.parse_args()


def _add_source(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="source", default="", metavar="URL", help="default: AIPLAYER_MODEL_REPOSITORY")


if __name__ == "__main__":
    run_command(main)
