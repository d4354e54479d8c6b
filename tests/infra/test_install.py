"""The script that makes the virtual environment, as `make` runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT

pytestmark = pytest.mark.process

# A Python without the packages of this one, as the system's own is.
SYSTEM_PYTHON = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def start(folder: Path) -> subprocess.Popen[str]:
    command = [SYSTEM_PYTHON, "-S", str(PROJECT / "infra" / "install.py"), str(folder / ".venv"), str(folder / "lock")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def folder(tmp_path):
    """A project that needs no package."""
    (tmp_path / "lock").touch()
    return tmp_path


def test_what_is_half_made_is_made_anew_by_one_of_two_at_once(folder):
    half_made = folder / ".venv" / "half"
    half_made.mkdir(parents=True)
    both = [start(folder), start(folder)]
    outputs = sorted(program.communicate(timeout=60)[0] for program in both)
    assert [program.returncode for program in both] == [0, 0]
    assert outputs == [
        "another installation is at work; this one waits for it\n",
        f"installing the pinned packages into {folder / '.venv'}, once; this takes some minutes\n",
    ]
    assert (folder / ".venv" / "installed").exists()
    assert not half_made.exists()


def test_a_link_is_left_alone_with_what_it_leads_to(folder):
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "kept").touch()
    (folder / ".venv").symlink_to(folder / "elsewhere")
    message = f"error: {folder / '.venv'} is a link, and what it leads to was not made of {folder / 'lock'}."
    assert start(folder).communicate(timeout=60)[1] == f"{message} Remove the link.\n"
    assert (folder / "elsewhere" / "kept").exists()
