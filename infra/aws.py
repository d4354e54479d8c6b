"""Amazon's services by boto3: one session a command, and its errors as one line each, in which no secret can stand."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.loaders import create_loader
from botocore.parsers import ResponseParserError

from aiplayer.errors import InvalidInput, Unavailable

WRONG_CREDENTIALS = {
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
LOOK_EVERY_S = 5.0
# What describes the services is some megabytes of JSON, which a process reads once.
DESCRIPTIONS = create_loader()
# What was made is seen everywhere after so long.
SEEN_AFTER_S = 60


class Aws:
    """Clients of one account in one region; credentials and endpoints are found in boto3's own ways.

    Args:
        region: The region; empty as boto3 finds it.

    Raises:
        InvalidInput: there is no region, or boto3 cannot use its own configuration.
    """

    def __init__(self, region: str = "") -> None:
        # A session of its own: the one that boto3 shares keeps the credentials that it has found first.
        with one_line_errors():
            session = botocore.session.get_session()
            session.register_component("data_loader", DESCRIPTIONS)
            self._session = boto3.Session(region_name=region or None, botocore_session=session)
        if not self._session.region_name:
            raise InvalidInput("There is no region. Name one: --region eu-central-1, or AWS_REGION.", field="region")
        self.region: str = self._session.region_name
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of a service."""
        if service not in self._clients:
            config = Config(retries={"mode": "standard"}, connect_timeout=10)
            self._clients[service] = self._session.client(service, config=config)
        return self._clients[service]

    def pages(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """What an operation lists under a key, of all its pages."""
        pages = self.client(service).get_paginator(operation).paginate(**arguments)
        return [entry for page in pages for entry in page.get(key, [])]

    @cached_property
    def _identity(self) -> dict[str, str]:
        identity: dict[str, str] = self.client("sts").get_caller_identity()
        return identity

    @property
    def account(self) -> str:
        """The number of the account; asking for it proves the credentials."""
        return self._identity["Account"]

    @property
    def partition(self) -> str:
        """What ARNs begin with: `aws`, or the name of a part of Amazon that stands apart."""
        return self._identity["Arn"].split(":")[1]


def code_of(error: ClientError) -> str:
    """The code of an error of Amazon's."""
    return str(error.response.get("Error", {}).get("Code", ""))


def unless_missing(call: Callable[..., Any], *codes: str, **arguments: Any) -> Any:
    """What a call answers; None where it answers one of these codes.

    Args:
        call: An operation of a client.
        codes: Those that say that what is asked for is not there.
        arguments: Those of the operation.
    """
    try:
        return call(**arguments)
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


def once_settled(call: Callable[..., Any], *codes: str, longest_s: float, **arguments: Any) -> Any:
    """What a call answers when it no longer answers one of these codes: what was made or removed is seen late.

    Args:
        call: An operation of a client.
        codes: Those that go by themselves.
        longest_s: For how long it is tried again, in seconds.
        arguments: Those of the operation.
    """
    deadline = time.monotonic() + longest_s
    while True:
        try:
            return call(**arguments)
        except ClientError as error:
            if code_of(error) not in codes or time.monotonic() > deadline:
                raise
        time.sleep(LOOK_EVERY_S)


def wait_until(is_done: Callable[[], bool], what: str, longest_s: float) -> None:
    """Return when something is so.

    Args:
        is_done: Whether it is.
        what: What is waited for, for the error.
        longest_s: For how long, in seconds.

    Raises:
        Unavailable: it is not in time.
    """
    deadline = time.monotonic() + longest_s
    while not is_done():
        if time.monotonic() > deadline:
            raise Unavailable(f"{what} has taken over {longest_s / 60:.0f} minutes. Run the same command again.")
        time.sleep(LOOK_EVERY_S)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn boto3's errors into one line, of which nothing that they hold becomes a part but codes and names."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError):
        raise InvalidInput(
            "There are no credentials for AWS. Give them in one of boto3's ways: AWS_PROFILE, AWS_ACCESS_KEY_ID with "
            "AWS_SECRET_ACCESS_KEY, ~/.aws/credentials, or the role of this machine.",
            code="no_credentials",
        ) from None
    except (NoRegionError, ProfileNotFound) as error:
        raise InvalidInput(f"boto3 cannot be used: {type(error).__name__}. Look at AWS_PROFILE and --region.") from None
    except ClientError as error:
        raise _named(code_of(error), error.operation_name) from None
    except (BotoCoreError, ResponseParserError) as error:
        raise Unavailable(
            f"AWS cannot be reached: {type(error).__name__}. Look at the region, AWS_ENDPOINT_URL and the network, and "
            "run the same command again; it goes on where it was."
        ) from None


def _named(code: str, operation: str) -> InvalidInput | Unavailable:
    if code in WRONG_CREDENTIALS:
        return InvalidInput(f"AWS refuses these credentials: {code}. Give others, and run the same command again.")
    if code in NOT_ALLOWED:
        return InvalidInput(f"These credentials may not {operation}: {code}. Have that allowed, and run it again.")
    return Unavailable(f"AWS answers {code} to {operation}. Run the same command again; it goes on where it was.")
