"""A state folder of a test's own, and the repositories that every test of a transfer is run with."""

from pathlib import Path

import pytest

from loadtests.tiny_s3 import BUCKET, s3_server
from loadtests.tiny_sets import tiny_database
from training.publish.folder import FolderRepository
from training.publish.repository import Repository
from training.publish.s3 import S3Repository
from training.publish.s3_client import s3_client

FIVE_MIB = 5 * 2**20


@pytest.fixture
def state(tmp_path, monkeypatch) -> Path:
    """A state folder with a model store and a database."""
    folder = tmp_path / "var"
    monkeypatch.setenv("BENTOML_HOME", str(folder / "bentoml"))
    tiny_database(folder)
    return folder


@pytest.fixture
def database(state) -> str:
    return f"sqlite:///{state / 'aiplayer.db'}"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Makes the next calls those of another machine, whose state folder it returns."""

    def move() -> Path:
        folder = tmp_path / "elsewhere"
        monkeypatch.setenv("BENTOML_HOME", str(folder / "bentoml"))
        tiny_database(folder)
        return folder

    return move


@pytest.fixture(scope="session")
def s3_endpoint():
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def s3_repository(s3_endpoint, tmp_path) -> S3Repository:
    """A repository of a test's own, with the smallest parts that S3 takes."""
    return S3Repository(s3_client(s3_endpoint, "us-east-1"), BUCKET, f"tests/{tmp_path.name}", FIVE_MIB)


@pytest.fixture(params=["folder", "s3"])
def repository(request, tmp_path) -> Repository:
    """An empty repository, once of each kind."""
    if request.param == "folder":
        return FolderRepository(tmp_path / "repository")
    return request.getfixturevalue("s3_repository")
