"""The house: who may import whom, and that no test module imports another."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from aiplayer.settings import PROJECT

ROOMS = ("aiplayer", "frontend", "gateway", "infra", "loadtests", "runners", "service", "training")
# What each room may import besides itself; of `frontend` only what says who it is for, of `aiplayer` everything.
MAY_IMPORT = {
    "aiplayer": set(),
    "gateway": {"aiplayer"},
    "runners": {"aiplayer"},
    "service": {"aiplayer", "gateway", "runners"},
    "training": {"aiplayer"},
    "frontend": {"aiplayer"},
    # What a container does before it serves is publishing.
    "infra": {"aiplayer", "frontend", "training"},
    # Its peers answer as the gateway does.
    "loadtests": {"aiplayer", "gateway", "infra", "runners", "training"},
}
HEAVY = {"cv2", "keras", "scipy", "tensorflow", "torch"}
WEB_AND_CLOUD = ("bentoml", "boto3", "fastapi", "starlette", "streamlit", "httpx")


def modules(room: str) -> Iterator[Path]:
    path = PROJECT / room
    yield from path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]


@cache
def imported_by(module: Path) -> set[str]:
    """The dotted names that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_below_it(room):
    for module in modules(room):
        rooms = {name.partition(".")[0] for name in imported_by(module)} & set(ROOMS)
        assert rooms <= MAY_IMPORT[room] | {room}, module


def test_the_domain_knows_no_web_framework_and_no_cloud():
    for module in modules("aiplayer"):
        packages = {name.partition(".")[0] for name in imported_by(module)}
        assert packages.isdisjoint(WEB_AND_CLOUD), module


@pytest.mark.process
def test_the_gateway_leaves_heavy_packages_to_the_runners():
    program = "import sys, service; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(ended.stdout.split())


def test_no_test_module_imports_another():
    for module in (PROJECT / "tests").rglob("*.py"):
        foreign = {name for name in imported_by(module) if name.startswith("tests.") and name.count(".") >= 1}
        assert all(name.startswith("tests.support") for name in foreign), module
