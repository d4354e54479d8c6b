"""The Dockerfile and the composition are what their own checkers accept."""

import subprocess

import pytest

from aiplayer.settings import PROJECT
from infra.image.context import DOCKERFILE
from infra.server import BIN

pytestmark = pytest.mark.process


def test_hadolint_finds_nothing_in_the_dockerfile():
    ended = subprocess.run(
        [BIN / "hadolint", "--failure-threshold", "style", DOCKERFILE], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize("file", ["compose.yaml", "compose/gpu.yaml"])
def test_a_composition_keeps_to_the_schema_of_compose(file):
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", PROJECT / "infra" / file]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout


def test_the_checkers_find_what_is_wrong(tmp_path):
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM python\nRUN cd /tmp\n")
    ended = subprocess.run([BIN / "hadolint", dockerfile], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "DL3006" in ended.stdout

    composition = tmp_path / "compose.yaml"
    composition.write_text("services: {api: {image: ai-player, restarts: always}}\n")
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", composition]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "restarts" in ended.stdout
