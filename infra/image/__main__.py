"""Makes a Docker build context, tells how large the image gets, and builds it where Docker is.

python -m infra.image                       without a GPU, with the set that the database is served with
python -m infra.image --variant gpu         with CUDA's libraries
python -m infra.image --set none            without models: a container pulls them by AIPLAYER_SET
python -m infra.image --prove               and start what was packed in a fresh virtual environment
"""

import argparse
import logging
import os
import subprocess
from pathlib import Path

from rich.console import Console
from rich.table import Table

from aiplayer.catalogue import Catalogue, connect
from aiplayer.errors import InvalidInput
from aiplayer.model_set import weights_of
from aiplayer.settings import PROJECT, STATE, Settings
from infra.image.bento import build_bento
from infra.image.context import write_context
from infra.image.docker import build_command, has_docker
from infra.image.packing import pack_catalogue, pack_set, refuse_own_playlists
from infra.image.sizes import LIMIT_BYTES, Part, parts_of
from training.console import print_whole, run_command
from training.publish.manifest import SetManifest
from training.publish.production import production_set
from training.publish.registry import read_set
from training.publish.sets import verify

CONSOLE = Console(highlight=False, soft_wrap=True)
LOCKS = {"cpu": "serving.lock", "gpu": "serving-cuda.lock"}
PAGE_LOCK = "page.lock"
NO_SET = "none"


def main() -> None:
    """The command line."""
    arguments = _parse_arguments()
    os.environ.setdefault("BENTOML_HOME", str(STATE / "bentoml"))
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    lock = PROJECT / "requirements" / LOCKS[arguments.variant]
    claim(arguments.out)

    bento = make_bento(arguments.set, lock.name, arguments.out, Settings())
    write_context(arguments.out, (lock.name, PAGE_LOCK))
    CONSOLE.print(f"[green]✓[/] the build context {arguments.out}")
    check_size(parts_of(bento, lock), arguments.variant)
    if arguments.prove:
        from infra.image.proof import prove

        prove(arguments.out, lock.name, CONSOLE)

    command = build_command(arguments.out, arguments.variant, lock.name, arguments.tag)
    if has_docker():
        subprocess.run(command, check=True)
        CONSOLE.print(f"[green]✓[/] docker run -p 3000:3000 {arguments.tag}")
    else:
        CONSOLE.print("Docker does not answer here. Where it does:")
        CONSOLE.print("  " + " ".join(command))


def claim(out: Path) -> None:
    """Make a build context of a folder, parts of which are replaced then.

    Raises:
        InvalidInput: it holds something else.
    """
    mark = out / ".dockerignore"
    if out.exists() and any(out.iterdir()) and not mark.is_file():
        raise InvalidInput(f"{out} holds something else than a build context. Name a new folder, or remove it first.")
    out.mkdir(parents=True, exist_ok=True)
    mark.touch()


def make_bento(set_name: str, lock: str, out: Path, settings: Settings) -> Path:
    """Build a bento and pack a set and the catalogue into it.

    Args:
        set_name: The name of a set, the beginning of it, NO_SET, or empty for the one of the database.
        lock: The name of the lock of its packages.
        out: The build context.
        settings: Name the database.

    Returns:
        The bento's folder.

    Raises:
        InvalidInput: the set was made for another catalogue, or the catalogue holds creators' own playlists.
        ModelMissing: a file of the set is damaged.
    """
    url = settings.database_url.get_secret_value()
    engine = connect(url, settings.database_timeout_s, statement_timeout_s=600)
    refuse_own_playlists(engine)
    manifest = _chosen(set_name, url, settings)
    if manifest is not None:
        verify(manifest)
        if manifest.catalogue != (version := Catalogue(engine).version()):
            raise InvalidInput(
                f"The set {manifest.name} was made for catalogue {manifest.catalogue}, and the database holds "
                f"{version or 'none'}. Name its database: AIPLAYER_DATABASE_URL."
            )

    bento = out / "bento"
    with CONSOLE.status("building the bento ..."):
        build_bento(manifest.models if manifest else None, lock, bento)
        if manifest is not None:
            pack_set(manifest, bento)
        version = pack_catalogue(engine, bento)
    engine.dispose()
    what = f"the set {manifest.name}" if manifest else "no models"
    CONSOLE.print(f"[green]✓[/] the bento, with {what} and catalogue {version}")
    return bento


def _chosen(name: str, url: str, settings: Settings) -> SetManifest | None:
    if name == NO_SET:
        return None
    return read_set(name) if name else production_set(url, weights_of(settings))


def check_size(parts: list[Part], variant: str) -> None:
    """Print the parts of an image and their sum.

    Raises:
        InvalidInput: it is larger than it may be.
    """
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for part in parts:
        table.add_row(part.name, f"{part.bytes / 1e6:,.0f} MB")
    total, limit = sum(part.bytes for part in parts), LIMIT_BYTES[variant]
    table.add_row("[bold]sum[/]", f"[bold]{total / 1e6:,.0f} MB[/]")
    table.add_row("limit", f"{limit / 1e6:,.0f} MB")
    print_whole(table, CONSOLE)
    if total > limit:
        raise InvalidInput(f"The image would be {(total - limit) / 1e6:,.0f} MB larger than it may be.")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.image", description=__doc__.split("\n")[0])
    parser.add_argument("--variant", choices=sorted(LOCKS), default="cpu", help="default: cpu")
    parser.add_argument("--set", default="", help=f"its name, or {NO_SET} (default: the one of the database)")
    parser.add_argument("--out", type=Path, default=PROJECT / "out" / "image", help="folder (default out/image)")
    parser.add_argument("--tag", default="ai-player", help="the image's name (default ai-player)")
    parser.add_argument("--prove", action="store_true", help="start it in a fresh virtual environment; some minutes")
    return parser.parse_args()


if __name__ == "__main__":
    run_command(main)
