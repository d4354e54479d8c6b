"""Retrains the recommender on what creators liked and changed, and publishes it where that is better.

python -m training.retrain [--since 2026-10-01] [--trial] [--promote] [--push] [--encoder] [--minutes 30]

It trains beside the catalogue's playlists on every list that was liked or changed, asks the recommender in use and the
new one the same questions, and makes a new set of models where the new one holds and what creators taught is followed
better. Else what is in use stays, and the reasons are told. One that was killed goes on when it is started again.
"""

import argparse
import logging
import os
from datetime import datetime

from aiplayer.errors import InvalidInput
from aiplayer.settings import STATE, Settings
from training.console import native_messages_into, run_command
from training.publish.lock import alone


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.retrain", description=__doc__.split("\n")[0])
    parser.add_argument("--since", type=_date, help="learn only from what was given since this day (YYYY-MM-DD, UTC)")
    parser.add_argument("--trial", action="store_true", help="train and ask, and publish nothing")
    parser.add_argument("--promote", action="store_true", help="make the new set production where it is published")
    parser.add_argument("--push", action="store_true", help="copy it to AIPLAYER_MODEL_REPOSITORY too")
    parser.add_argument("--encoder", action="store_true", help="tune the title encoder too; takes some minutes more")
    parser.add_argument("--minutes", type=_minutes, help="train and ask no longer than this; the next run goes on")
    arguments = parser.parse_args()

    os.environ.setdefault("BENTOML_HOME", str(STATE / "bentoml"))
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    # TensorFlow speaks as soon as it is imported.
    with native_messages_into(STATE / "log" / "retrain.log"):
        from training.retrain.run import CONSOLE, Options, Retraining
    with alone(CONSOLE, "a set-up or another retraining is at work; this one waits for it"):
        Retraining(Settings()).run(
            Options(
                since=arguments.since,
                is_trial=arguments.trial,
                promotes=arguments.promote,
                pushes=arguments.push,
                tunes_encoder=arguments.encoder,
                minutes=arguments.minutes,
            )
        )


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{text} is no day. Write it as 2026-10-01.") from error


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise InvalidInput(f"{text} is no number of minutes. Give one above 0, such as 30.")
    return minutes


if __name__ == "__main__":
    run_command(main)
