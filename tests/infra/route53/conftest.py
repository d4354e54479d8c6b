"""Amazon as far as a name needs it, started once; each test begins with an empty account."""

from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import boto3
import pytest

from tests.support.commands import run_within
from tests.support.tiny_aws import TinyAws, tiny_aws


@pytest.fixture(scope="package")
def aws_server() -> Iterator[TinyAws]:
    with tiny_aws() as aws:
        yield aws


@pytest.fixture
def aws(aws_server) -> TinyAws:
    aws_server.reset()
    return aws_server


@pytest.fixture
def route53(aws) -> Callable[..., CompletedProcess[str]]:
    """Runs `python -m infra.route53` and says how it ended."""
    from infra.route53.__main__ import main

    return lambda *arguments: run_within(main, *arguments)


@pytest.fixture
def zone(aws) -> str:
    """The id of the zone example.com."""
    made = boto3.client("route53").create_hosted_zone(Name="example.com.", CallerReference="zone")
    return made["HostedZone"]["Id"].removeprefix("/hostedzone/")
