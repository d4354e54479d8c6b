"""Shell scripts are what shellcheck accepts, to the last of its hints."""

import subprocess
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT
from infra.server import BIN

# What is not ours to check: environments, and what was made.
OTHERS = {".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", ".venv-serving", "out", "var"}


def scripts() -> list[Path]:
    """Every file whose first line names a shell."""
    tops = [path for path in PROJECT.iterdir() if path.name not in OTHERS]
    files = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return [path for path in files if path.is_file() and names_a_shell(path)]


def names_a_shell(path: Path) -> bool:
    with path.open("rb") as file:
        first_line = file.readline()
    return first_line.startswith(b"#!") and first_line.split()[-1].rpartition(b"/")[2] in (b"sh", b"bash")


def test_scripts_are_found_by_their_first_line_wherever_they_are():
    names = {str(path.relative_to(PROJECT)) for path in scripts()}
    assert {".ci/run", "infra/kubernetes/make_secrets.sh", "tests/install_programs.sh"} <= names
    assert not any(name.endswith(".py") for name in names)


def test_shellcheck_finds_nothing():
    ended = subprocess.run([BIN / "shellcheck", *scripts()], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize(
    ("line", "code"), [("rm -rf $1/x", "SC2086"), ("cd /tmp", "SC2164"), ("echo $(date)", "SC2046")]
)
def test_shellcheck_finds_what_is_wrong(line, code, tmp_path):
    script = tmp_path / "wrong.sh"
    script.write_text(f"#!/bin/sh\n{line}\n")
    ended = subprocess.run([BIN / "shellcheck", script], capture_output=True, text=True)
    assert ended.returncode == 1
    assert code in ended.stdout
