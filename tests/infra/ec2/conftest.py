"""Amazon as far as a deployment needs it, started once; each test begins with an empty account."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import boto3
import pytest

from tests.support.certificates import self_signed
from tests.support.commands import run_within
from tests.support.tiny_aws import TinyAws, tiny_aws

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ai-player:1"
DATABASE_URL = "mysql+pymysql://aiplayer:hushhush-51@db.internal/aiplayer"

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="package")
def aws_server() -> Iterator[TinyAws]:
    with tiny_aws() as aws:
        yield aws


@pytest.fixture
def aws(aws_server) -> TinyAws:
    aws_server.reset()
    return aws_server


@pytest.fixture
def ec2(aws) -> Command:
    """Runs `python -m infra.ec2` and says how it ended."""
    from infra.ec2.__main__ import main

    return lambda *arguments: run_within(main, *arguments)


@pytest.fixture
def one() -> list[str]:
    """The options of one machine."""
    return ["--name", "demo", "--image", IMAGE]


@pytest.fixture
def secrets(tmp_path) -> Path:
    """A folder of secrets."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "aiplayer_database_url").write_text(DATABASE_URL)
    return folder


@pytest.fixture
def group(aws, secrets) -> list[str]:
    """The options of a group with painters."""
    certificate, key = self_signed("play.example.com")
    arn = boto3.client("acm").import_certificate(Certificate=certificate, PrivateKey=key)["CertificateArn"]
    options = ["--group", "--certificate", arn, "--painters", "3", "--secrets", str(secrets)]
    return ["--name", "demo", "--image", IMAGE, "--repository", "s3://models/aiplayer", *options]
