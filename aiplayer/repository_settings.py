"""Where sets of models are kept for other machines: a bucket of S3, or a folder that they share."""

import os
import re

from pydantic import BaseModel, Field, field_validator

from aiplayer.addresses import checked_endpoint

S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w!.*'()/-]*))?", re.ASCII)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/*")


def checked_repository(url: str) -> str:
    """The address of a repository of models as it was given, `~` expanded; empty where there is none.

    Args:
        url: `s3://bucket/prefix`, or the path of a folder.

    Raises:
        ValueError: it is neither; the message does not repeat it, for it may hold a password.
    """
    if SCHEME.match(url) and not S3.fullmatch(url):
        raise ValueError("must be s3://bucket/prefix without a password, or the path of a folder")
    return os.path.expanduser(url)


class RepositorySettings(BaseModel):
    """The settings of `python -m training.publish`."""

    model_repository: str = Field(
        default="", description="Where sets are pushed to and pulled from: s3://bucket/prefix, or a folder."
    )
    model_repository_endpoint: str = Field(
        default="", description="Where a server listens that speaks S3 and is not Amazon's; empty: Amazon's."
    )
    model_repository_region: str = Field(
        default="", pattern="^[a-z0-9-]*$", description="The bucket's region; empty: as boto3 finds it."
    )
    set: str = Field(
        default="",
        pattern="^([0-9a-f]{1,12}|latest)?$",
        description="The set that an image serves, or `latest` of the repository; empty: the one that is packed in it.",
    )

    @field_validator("model_repository")
    @classmethod
    def _check_repository(cls, url: str) -> str:
        return checked_repository(url)

    @field_validator("model_repository_endpoint")
    @classmethod
    def _check_repository_endpoint(cls, url: str) -> str:
        return checked_endpoint(url, "https://minio.example:9000", "AWS_SECRET_ACCESS_KEY")
