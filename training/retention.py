"""Removes what creators typed: all that is older than the log is kept, or one generation.

python -m training.retention prune            what is older than AIPLAYER_LOG_RETENTION_DAYS
python -m training.retention remove ID        one generation, liked or not

What was liked or edited keeps its songs and tags when it grows old, for the recommender learns from them; what it loses
is the title, and who liked or edited it.
"""

import argparse
from uuid import UUID

from rich.console import Console

from aiplayer.catalogue import connect, forget_generation, forget_older, migrate
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings
from training.console import run_command

CONSOLE = Console(highlight=False)
MOST_DAYS = 36_500


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.retention",
        description="Remove titles, generations and translations from the database.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    prune_command = commands.add_parser("prune", help="remove what is older than the log is kept")
    prune_command.add_argument("--days", type=int, help="default: AIPLAYER_LOG_RETENTION_DAYS")
    remove_command = commands.add_parser("remove", help="remove one generation")
    remove_command.add_argument("generation_id", help="from the answer of POST /recommend")

    arguments = parser.parse_args()
    settings = Settings()
    if arguments.command == "prune":
        prune(settings, settings.log_retention_days if arguments.days is None else arguments.days)
    else:
        remove(settings, arguments.generation_id)


def prune(settings: Settings, days: int) -> None:
    """Remove what is older than so many days, and say how much it was.

    Args:
        settings: Where the database is.
        days: 0 keeps everything.

    Raises:
        InvalidInput: the number of days is out of bounds.
    """
    if not 0 <= days <= MOST_DAYS:
        raise InvalidInput(
            f"{days} is no number of days to keep the log. Give 0, which keeps everything, to {MOST_DAYS}."
        )
    if days == 0:
        CONSOLE.print("Nothing is removed: AIPLAYER_LOG_RETENTION_DAYS is 0, for ever. Set it, or give --days.")
        return

    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    migrate(engine)
    forgotten = forget_older(engine, days)
    engine.dispose()
    CONSOLE.print(
        f"removed, older than {days} days: {forgotten.generations:,} generations, "
        f"{forgotten.titles_of_lessons:,} titles of likes and edits (songs and tags stay), "
        f"{forgotten.translations:,} translations, {forgotten.picture_jobs:,} picture jobs"
    )


def remove(settings: Settings, generation_id: str) -> None:
    """Remove one generation.

    Raises:
        InvalidInput: the id is no UUID.
        NotFound: no generation has this id.
    """
    try:
        parsed_id = UUID(generation_id)
    except ValueError as error:
        raise InvalidInput(
            f"{generation_id} is no generation's id. Take it from the answer of POST /recommend."
        ) from error

    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    migrate(engine)
    forget_generation(engine, parsed_id)
    engine.dispose()
    CONSOLE.print(f"removed generation {parsed_id}")


if __name__ == "__main__":
    run_command(main)
