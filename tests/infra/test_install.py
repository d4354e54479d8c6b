"""The script that makes the virtual environment, as `make` runs it, with small wheels in place of the packages."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from aiplayer.settings import PROJECT

pytestmark = pytest.mark.process

# A Python without the packages of this one, as the system's own is.
SYSTEM_PYTHON = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
TIMEOUT_S = 300


def start(folder: Path, lock: str = "developing.lock") -> subprocess.Popen[str]:
    command = [SYSTEM_PYTHON, "-S", str(PROJECT / "infra" / "install.py"), str(folder / ".venv")]
    # pip knows the wheels of this folder, and nothing else.
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "wheels")}
    return subprocess.Popen(
        [*command, str(folder / "requirements" / lock)],
        env={**others, **pip},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write_wheel(folder: Path, name: str, version: str) -> str:
    """Write a wheel without a module; return the line of a lock that names it."""
    (folder / "wheels").mkdir(exist_ok=True)
    path = folder / "wheels" / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with ZipFile(path, "w") as wheel:
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def installed(folder: Path) -> set[str]:
    """The folders that say which of the small packages are there."""
    packages = {path.name for path in (folder / ".venv").glob("lib/python3.11/site-packages/*.dist-info")}
    return {name for name in packages if not name.startswith(("pip-", "setuptools-"))}


@pytest.fixture
def folder(tmp_path):
    """A project that needs no package."""
    (tmp_path / "requirements").mkdir()
    for lock in ("developing", "serving", "torch", "torch-cpu"):
        (tmp_path / "requirements" / f"{lock}.lock").touch()
    return tmp_path


def test_what_is_half_made_is_made_anew_by_one_of_two_at_once(folder):
    half_made = folder / ".venv" / "half"
    half_made.mkdir(parents=True)
    both = [start(folder), start(folder)]
    outputs = sorted(program.communicate(timeout=TIMEOUT_S)[0] for program in both)
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
    lock = folder / "requirements" / "developing.lock"
    message = f"error: {folder / '.venv'} is a link, and what it leads to was not made of {lock}. Remove the link.\n"
    assert start(folder).communicate(timeout=TIMEOUT_S)[1] == message
    assert (folder / "elsewhere" / "kept").exists()


def test_a_lock_with_a_new_date_installs_nothing_and_one_with_another_package_all(folder):
    lock = folder / "requirements" / "serving.lock"
    lock.write_text(write_wheel(folder, "tiny", "1.0"))
    assert start(folder, lock.name).communicate(timeout=TIMEOUT_S)[1] == ""
    assert installed(folder) == {"tiny-1.0.dist-info"}

    mark = folder / ".venv" / "installed"
    os.utime(mark, (0, 0))
    assert start(folder, lock.name).communicate(timeout=TIMEOUT_S) == ("", "")
    assert mark.stat().st_mtime >= lock.stat().st_mtime  # or make would ask again each time

    lock.write_text(write_wheel(folder, "tiny", "2.0"))
    assert start(folder, lock.name).communicate(timeout=TIMEOUT_S)[1] == ""
    assert installed(folder) == {"tiny-2.0.dist-info"}


def test_a_package_without_a_hash_is_not_installed(folder):
    write_wheel(folder, "tiny", "1.0")
    (folder / "requirements" / "developing.lock").write_text("tiny==1.0\n")
    program = start(folder)
    assert "pip could not install the packages." in program.communicate(timeout=TIMEOUT_S)[1]
    assert program.returncode == 1
    assert installed(folder) == set()


@pytest.mark.parametrize("has_the_small_one", [True, False])
def test_pytorch_comes_without_cuda_where_there_is_such_a_build(folder, has_the_small_one):
    small, large = write_wheel(folder, "torch", "2.0+cpu"), write_wheel(folder, "torch", "2.0")
    (folder / "requirements" / "torch-cpu.lock").write_text(small)
    (folder / "requirements" / "torch.lock").write_text(large)
    if not has_the_small_one:
        (folder / "wheels" / "torch-2.0+cpu-py3-none-any.whl").unlink()
    assert start(folder).communicate(timeout=TIMEOUT_S)[1] == ""
    assert installed(folder) == {"torch-2.0+cpu.dist-info" if has_the_small_one else "torch-2.0.dist-info"}


def test_another_file_in_place_of_pytorch_without_cuda_is_not_replaced_by_the_large_one(folder):
    write_wheel(folder, "torch", "2.0+cpu")
    (folder / "requirements" / "torch-cpu.lock").write_text(f"torch==2.0+cpu --hash=sha256:{'0' * 64}\n")
    (folder / "requirements" / "torch.lock").write_text(write_wheel(folder, "torch", "2.0"))
    program = start(folder)
    told = program.communicate(timeout=TIMEOUT_S)[1].splitlines()[-1]
    assert program.returncode == 1
    assert told.startswith("error: A package is not the file that was locked, so it was not installed.")
    assert installed(folder) == set()
    assert not (folder / ".venv" / "installed").exists()
