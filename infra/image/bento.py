"""The bento: built by BentoML as `bentofile.yaml` says, with a set of models where BentoML keeps those of a bento."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from aiplayer.errors import Unavailable
from aiplayer.pins import ModelPins
from aiplayer.settings import PROJECT
from infra.server import BIN, ENVIRONMENT
from training.publish.store import store_of

BENTOFILE = PROJECT / "bentofile.yaml"
# `bentoml export` writes one packed file; its Python API writes a folder too.
EXPORT = 'import sys, bentoml; bentoml.export_bento(sys.argv[1], sys.argv[2], output_format="folder")'


def build_bento(models: ModelPins | None, lock: str, folder: Path) -> None:
    """Build the bento and export it, with the models, as a folder.

    Args:
        models: The models that come with it; None for none.
        lock: The name of the lock of its packages.
        folder: Where the bento lies afterwards; what was there is replaced.

    Raises:
        Unavailable: BentoML could not build it.
    """
    tags = list(models.model_dump().values()) if models else []
    with _home() as home:
        described = home / "bentofile.yaml"
        described.write_text(yaml.safe_dump(_description(tags, lock)), encoding="utf-8")
        build = [str(BIN / "bentoml"), "build", "--bentofile", str(described), "--output", "tag", str(PROJECT)]
        tag = _run(home, build).strip().splitlines()[-1].removeprefix("__tag__:")
        exported = home / "exported"
        _run(home, [sys.executable, "-c", EXPORT, tag, str(exported)])
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(exported, folder)


def _description(tags: list[str], lock: str) -> dict:
    """`bentofile.yaml` with the models that are packed and the lock of this variant."""
    described = yaml.safe_load(BENTOFILE.read_text(encoding="utf-8"))
    described["models"] = tags
    described["python"]["requirements_txt"] = f"./requirements/{lock}"
    return described


@contextmanager
def _home() -> Iterator[Path]:
    """A BentoML home with the models of this project, in which the bento is built and which goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="bento-") as temporary:
        home = Path(temporary)
        (home / "models").symlink_to(store_of("").resolve())
        yield home


def _run(home: Path, command: list[str]) -> str:
    """What a command of BentoML prints, in this BentoML home."""
    environment = {**os.environ, **ENVIRONMENT, "BENTOML_HOME": str(home)}
    ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if ended.returncode:
        reason = (ended.stderr or ended.stdout).strip().splitlines()[-1:]
        raise Unavailable(f"BentoML could not make the bento: {''.join(reason)}")
    return ended.stdout
