"""What the real make hands to the programs that it runs; a script in place of Python says what came."""

import os
import shutil
import subprocess

import pytest

from aiplayer.settings import PROJECT

pytestmark = pytest.mark.process

# What a shell or make would take for something of its own.
NASTY = [
    "--help",
    "-x",
    "pa$word",
    "$(shell echo shell)",
    "${HOME} $$ $@",
    "a 'b' \"c\"",
    "back\\slash\\",
    "hash # sign",
    "`echo backtick`",
    "two\nlines",
    "100% 재즈; true && false | cat > x",
]


@pytest.fixture
def environment(tmp_path):
    """A folder in place of the virtual environment, whose Python prints its arguments and the variables named."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        "#!/bin/sh\n"
        'for value in "$@" "URL=$AIPLAYER_DATABASE_URL" "MODEL=$MODEL" "STORE=$BENTOML_HOME"; do\n'
        "    printf '%s\\0' \"$value\"\n"
        "done\n"
    )
    python.chmod(0o755)
    (tmp_path / "installed").touch()
    return tmp_path


def make(environment, target, folder=PROJECT, **variables):
    """The values that the last program of a target got."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIPLAYER_", "BENTOML_"))}
    assignments = [f"{name}={value}" for name, value in variables.items()]
    command = ["make", "--silent", f"VENV={environment}", target, *assignments]
    ended = subprocess.run(command, cwd=folder, env=inherited, capture_output=True, text=True, check=True)
    programs = ended.stdout.split("-m\0")
    return programs[-1].split("\0")[:-1]


@pytest.mark.parametrize("title", NASTY)
def test_a_title_arrives_as_it_was_typed(environment, title):
    values = make(environment, "demo", TITLE=title)
    assert values[:3] == ["infra.local", "demo", f"--title={title}"]


@pytest.mark.parametrize("password", NASTY)
def test_a_database_url_arrives_as_it_was_typed(environment, password):
    url = f"mysql+pymysql://user:{password}@host/name"
    assert f"URL={url}" in make(environment, "up", DATABASE=url)


def test_the_name_of_a_model_arrives_as_it_was_typed(environment):
    assert "MODEL=owner/$name" in make(environment, "weights", MODEL="owner/$name")


def test_make_works_in_a_folder_with_any_name(environment, tmp_path):
    folder = tmp_path / "내 곡 100% (new) it's"
    folder.mkdir()
    (folder / "Makefile").write_bytes((PROJECT / "Makefile").read_bytes())
    shutil.copytree(PROJECT / "requirements", folder / "requirements")
    # Newer than the locks, or make would set the packages up.
    (environment / "installed").touch()
    assert f"STORE={folder}/var/bentoml" in make(environment, "up", folder)
