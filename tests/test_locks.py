"""The locks: each package with its hash, PyTorch apart, and one version of everything."""

import re
import subprocess
import sys
import tomllib

import pytest

from aiplayer.settings import PROJECT

FOLDER = PROJECT / "requirements"
LOCKS = sorted(path.name for path in FOLDER.glob("*.lock"))
PACKAGE = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)")


def packages(lock: str) -> dict[str, str]:
    """The version of each package; a line that is none fails."""
    text = (FOLDER / lock).read_text(encoding="ascii").replace(" \\\n    ", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not PACKAGE.fullmatch(line)] == []
    return {found["name"]: found["version"] for line in lines if (found := PACKAGE.fullmatch(line))}


def named_in_pyproject(group: str) -> dict[str, str]:
    """The packages that a group of pyproject.toml names, with those of the groups in it."""
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    named = {}
    for entry in groups[group]:
        if isinstance(entry, dict):
            named.update(named_in_pyproject(entry["include-group"]))
        else:
            name, version = re.sub(r"\[.*\]", "", entry).split("==")
            named[name.replace("_", "-")] = version
    return named


def test_there_are_six_locks():
    assert LOCKS == [
        "developing.lock",
        "page.lock",
        "serving-cuda.lock",
        "serving.lock",
        "torch-cpu.lock",
        "torch.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_and_nothing_else(lock):
    assert packages(lock)


@pytest.mark.parametrize("lock", ["serving.lock", "page.lock"])
def test_what_serves_and_draws_the_page_is_a_part_of_what_develops(lock):
    assert packages(lock).items() < packages("developing.lock").items()


@pytest.mark.parametrize(
    ("lock", "group"),
    [
        ("serving.lock", "serve"),
        ("serving-cuda.lock", "serve-cuda"),
        ("page.lock", "ui"),
        ("developing.lock", "everything"),
        ("torch.lock", "torch"),
        ("torch-cpu.lock", "torch-cpu"),
    ],
)
def test_a_lock_has_the_versions_of_pyproject(lock, group):
    apart = named_in_pyproject("torch") if lock == "developing.lock" else {}
    named = {name: version for name, version in named_in_pyproject(group).items() if name not in apart}
    assert named.items() <= packages(lock).items()


def test_with_a_gpu_the_same_is_served_by_tensorflow_with_cuda():
    without_gpu, with_gpu = packages("serving.lock"), packages("serving-cuda.lock")
    tensorflow = without_gpu.pop("tensorflow-cpu")
    cuda = {name for name in with_gpu if name.startswith("nvidia-") and name.endswith("-cu12")}
    assert {name: version for name, version in with_gpu.items() if name not in cuda} == without_gpu | {
        "tensorflow": tensorflow
    }
    assert {"nvidia-cudnn-cu12", "nvidia-cublas-cu12"} < cuda


@pytest.mark.parametrize("lock", ["serving.lock", "serving-cuda.lock"])
def test_what_the_service_never_imports_is_not_served(lock):
    left_out = {line for line in (FOLDER / "not-serving.txt").read_text().splitlines() if not line.startswith("#")}
    assert left_out <= packages("developing.lock").keys()
    assert not left_out & packages(lock).keys()


def test_pytorch_is_in_locks_of_its_own():
    for lock in ("developing.lock", "serving.lock", "serving-cuda.lock", "page.lock"):
        assert not {"torch", "triton"} & set(packages(lock))
    assert packages("torch-cpu.lock")["torch"] == packages("torch.lock")["torch"] + "+cpu"


@pytest.mark.parametrize("torch", ["torch.lock", "torch-cpu.lock"])
def test_what_pytorch_needs_has_the_same_version_everywhere(torch):
    developing = packages("developing.lock")
    both = packages(torch).keys() & developing.keys()
    assert "setuptools" in both  # it builds what has no wheel, so it comes first, with PyTorch
    assert {name: packages(torch)[name] for name in both} == {name: developing[name] for name in both}


@pytest.mark.process
def test_what_is_installed_fits_together():
    ended = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "No broken requirements found.\n")
