"""Which addresses of a repository of models can be used."""

import pytest
from pydantic import ValidationError

from aiplayer.settings import Settings


@pytest.mark.parametrize("url", ["", "s3://models", "s3://my.models/aiplayer/prod", "/srv/models", "models", "../모델"])
def test_a_bucket_or_a_folder(url):
    assert Settings(model_repository=url).model_repository == url


def test_a_tilde_begins_a_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/creator")
    assert Settings(model_repository="~/models").model_repository == "/home/creator/models"


@pytest.mark.parametrize(
    "url", ["s3://", "s3:/models", "s3://key:secret@models", "https://secret@host/x", "gs://models"]
)
def test_other_addresses_are_refused_and_not_repeated(url):
    with pytest.raises(ValidationError, match="must be s3://bucket/prefix without a password, or the path") as caught:
        Settings(model_repository=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        ("minio:9000", "must be an address such as https://minio.example:9000"),
        ("http://me:secret@minio:9000", "must hold no password; AWS_SECRET_ACCESS_KEY is for that"),
    ],
)
def test_what_is_no_endpoint_is_refused(endpoint, message):
    with pytest.raises(ValidationError, match=message) as caught:
        Settings(model_repository_endpoint=endpoint)
    assert "me:secret" not in str(caught.value)


def test_a_region_is_a_plain_name():
    assert Settings(model_repository_region="ap-northeast-2").model_repository_region == "ap-northeast-2"
    with pytest.raises(ValidationError, match="model_repository_region"):
        Settings(model_repository_region="Seoul!")


@pytest.mark.parametrize("name", ["", "latest", "b5ef", "b5ef9d7306f0"])
def test_a_set_is_named_by_its_beginning_or_is_the_latest(name):
    assert Settings(set=name).set == name
    with pytest.raises(ValidationError, match="set"):
        Settings(set="newest")
