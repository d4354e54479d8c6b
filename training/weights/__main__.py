"""Fetches Stable Diffusion 1.x weights from the Hugging Face hub, once their licence is accepted.

    python -m training.weights owner/name [--accept-license] [--out DIR]

Nothing else ever downloads them. `make weights` runs this, and lifts HF_HUB_OFFLINE for it.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.files.locations import FETCHED, folder_name
from training.console import run_command
from training.weights.hub import BYTES_A_GB, HubFile, Publication, fetch, look_up

CONSOLE = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line."""
    arguments = _parse_arguments()
    folder = arguments.out / folder_name(arguments.model)
    publication = look_up(arguments.model)
    missing = publication.missing_in(folder)
    show(publication, missing)

    if missing and not arguments.accept_license:
        ask_for_consent(arguments.model)
    fetch(publication, missing, folder)

    # The service finds a model of the usual folder by its name.
    setting = arguments.model if arguments.out == FETCHED else folder
    CONSOLE.print(f"[green]✓[/] {escape(str(folder))}")
    CONSOLE.print(f"Paint with them: AIPLAYER_DIFFUSION_WEIGHTS={escape(str(setting))} make up")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.weights", description=__doc__.split("\n")[0])
    parser.add_argument("model", help="its name on the hub, owner/name")
    parser.add_argument("--accept-license", action="store_true", help="do not ask whether the licence is accepted")
    parser.add_argument("--out", type=Path, default=FETCHED, help="folder of the folder (default var/weights)")
    return parser.parse_args()


def show(publication: Publication, missing: list[HubFile]) -> None:
    """Print what would be fetched and under which licence."""
    size_gb = sum(file.size_bytes for file in missing) / BYTES_A_GB
    to_fetch = f"{len(missing)} files to fetch, {size_gb:.1f} GB" if missing else "all files are here"
    CONSOLE.print(f"{publication.model} at commit {publication.commit[:12]}: {to_fetch}")
    CONSOLE.print(f"licence: {escape(publication.licence)}, {escape(publication.licence_link)}")


def ask_for_consent(model: str) -> None:
    """Ask on the terminal whether the licence is accepted.

    Raises:
        InvalidInput: it is not, or there is nobody to ask.
    """
    is_terminal = sys.stdin.isatty()
    answer = CONSOLE.input("Fetch them under this licence? [y/N] ", markup=False) if is_terminal else ""
    if answer.strip().lower() not in ("y", "yes"):
        raise InvalidInput(
            "The licence was not accepted, and nothing was fetched. Read it, and accept it by: "
            f"make weights MODEL={model} ACCEPT=1",
            field="accept_license",
        )


if __name__ == "__main__":
    run_command(main)
