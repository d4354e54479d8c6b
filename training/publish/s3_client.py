"""boto3's client of S3, and its errors as one line each, in which no secret can stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from aiplayer.addresses import is_on_this_machine
from aiplayer.errors import AIPlayerError, InvalidInput, NotFound, Unavailable

REFUSED = {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
MISSING = {"404", "NoSuchKey"}
ATTEMPTS = 5


def s3_client(endpoint: str, region: str) -> Any:
    """A client of S3; credentials are found in boto3's own ways.

    Args:
        endpoint: The server's address; empty for Amazon's.
        region: The bucket's region; empty as boto3 finds it.

    Raises:
        InvalidInput: boto3 cannot use its own configuration.
    """
    config = Config(
        connect_timeout=10,
        read_timeout=60,
        retries={"mode": "standard", "max_attempts": ATTEMPTS},
        # Each object has its sha256 from us; not every server knows the sums that boto3 would add.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if endpoint else None,
        proxies={} if is_on_this_machine(endpoint) else None,
    )
    with our_errors("S3"):
        # A session of its own: the one that boto3 shares keeps the credentials that it has found first.
        return boto3.Session().client("s3", endpoint_url=endpoint or None, region_name=region or None, config=config)


@contextmanager
def our_errors(address: str, missing: AIPlayerError | None = None) -> Iterator[None]:
    """Turn boto3's errors into one line, of which nothing that they hold becomes a part but a code.

    Args:
        address: How a person calls what is asked.
        missing: The error where what is asked for is not there.
    """
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError):
        raise InvalidInput(
            f"There are no credentials for {address}. Give them in one of boto3's ways: AWS_PROFILE, AWS_ACCESS_KEY_ID "
            "with AWS_SECRET_ACCESS_KEY, ~/.aws/credentials, or the role of this machine.",
            code="no_credentials",
        ) from None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in MISSING and missing:
            raise missing from None
        if code == "NoSuchBucket":
            raise NotFound(f"There is no bucket for {address}. Make it, or name another.") from None
        if code in REFUSED:
            raise InvalidInput(
                f"{address} refuses these credentials: {code}. It needs reading, writing, listing."
            ) from None
        raise Unavailable(f"{address} answers {code}. Run the same command again; it goes on where it was.") from None
    except BotoCoreError as error:
        kind = type(error).__name__
        raise Unavailable(
            f"{address} cannot be used: {kind}. Look at the endpoint, the region and the network, and run the same "
            "command again; it goes on where it was."
        ) from None
