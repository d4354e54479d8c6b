"""A state folder of a test's own, and the repositories that every test of a transfer is run with."""

import shutil
from pathlib import Path

import pytest
from bentoml._internal.configuration.containers import BentoMLContainer

from loadtests.tiny_s3 import BUCKET, s3_server
from loadtests.tiny_sets import tiny_database
from training.publish.folder import FolderRepository
from training.publish.repository import Repository
from training.publish.s3 import S3Repository
from training.publish.s3_client import s3_client

FIVE_MIB = 5 * 2**20
# BentoML remembers the first home that it is asked in, which must not be that of one of these tests.
BentoMLContainer.model_store.get()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """A state folder with a database alone."""
    folder = tmp_path_factory.mktemp("migrated")
    tiny_database(folder)
    return folder


@pytest.fixture
def state(tmp_path, migrated, monkeypatch) -> Path:
    """A state folder with a model store and a database."""
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "var" / "bentoml"))
    return Path(shutil.copytree(migrated, tmp_path / "var"))


@pytest.fixture
def database(state) -> str:
    return f"sqlite:///{state / 'aiplayer.db'}"


@pytest.fixture
def elsewhere(tmp_path, migrated, monkeypatch):
    """Makes the next calls those of another machine, whose state folder it returns."""

    def move() -> Path:
        monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "elsewhere" / "bentoml"))
        return Path(shutil.copytree(migrated, tmp_path / "elsewhere"))

    return move


@pytest.fixture(scope="session")
def s3_endpoint():
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def s3_repository(s3_endpoint, tmp_path) -> S3Repository:
    """A repository of a test's own, with the smallest parts that S3 takes."""
    return S3Repository(s3_client(s3_endpoint, "us-east-1"), BUCKET, f"tests/{tmp_path.name}", FIVE_MIB)


@pytest.fixture
def folder_repository(tmp_path) -> FolderRepository:
    return FolderRepository(tmp_path / "repository")


@pytest.fixture(params=["folder_repository", "s3_repository"])
def repository(request) -> Repository:
    """An empty repository, once of each kind."""
    return request.getfixturevalue(request.param)
