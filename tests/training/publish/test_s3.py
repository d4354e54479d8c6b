"""What only S3 does: parts, sums that the server compares, credentials that are kept to themselves."""

import base64
import traceback
from hashlib import sha256

import pytest
from botocore.exceptions import ClientError

from aiplayer.errors import AIPlayerError, InvalidInput, ModelMissing, NotFound, Unavailable
from aiplayer.file_records import record_of
from infra.local import free_port
from loadtests.tiny_s3 import BUCKET, CREDENTIALS, SECRET
from training.publish import s3_client as s3_client_module
from training.publish.s3 import S3Repository
from training.publish.s3_client import s3_client

MIB = 2**20


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"".join(bytes([number]) * MIB for number in range(12)))
    return path


def test_a_large_file_is_sent_in_parts_with_their_sums(s3_repository, large, monkeypatch):
    told, sums, send = [], [], s3_repository._client.upload_part

    def send_and_note(**arguments):
        sums.append(base64.b64decode(arguments["ChecksumSHA256"]))
        return send(**arguments)

    monkeypatch.setattr(s3_repository._client, "upload_part", send_and_note)
    s3_repository.upload(large, record_of(large), told.append)
    assert told == [5 * MIB, 5 * MIB, 2 * MIB]
    content = large.read_bytes()
    assert sums == [sha256(content[start : start + 5 * MIB]).digest() for start in range(0, 12 * MIB, 5 * MIB)]
    (name,) = s3_repository.objects()
    assert b"".join(s3_repository.read(name, 3 * MIB)) == large.read_bytes()[3 * MIB :]


def test_an_upload_goes_on_with_the_parts_that_are_there(s3_repository, large, monkeypatch):
    client, send, numbers = s3_repository._client, s3_repository._client.upload_part, []

    def send_and_die(**arguments):
        if arguments["PartNumber"] == 3:
            raise KeyboardInterrupt
        return send(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(client, "upload_part", send_and_die)
        with pytest.raises(KeyboardInterrupt):
            s3_repository.upload(large, record_of(large), lambda size: None)
    assert s3_repository.objects() == {}

    def send_and_note(**arguments):
        numbers.append(arguments["PartNumber"])
        return send(**arguments)

    monkeypatch.setattr(client, "upload_part", send_and_note)
    s3_repository.upload(large, record_of(large), lambda size: None)
    assert numbers == [3]
    assert b"".join(s3_repository.read(record_of(large).sha256, 0)) == large.read_bytes()
    assert s3_repository._uploads("") == []


@pytest.mark.parametrize("size", [100, 11 * MIB])
def test_a_file_that_is_not_what_its_record_says_is_not_stored(s3_repository, tmp_path, size):
    path = tmp_path / "file"
    path.write_bytes(bytes(size))
    record = record_of(path)
    path.write_bytes(b"\1" * size)
    with pytest.raises((ModelMissing, Unavailable)):
        s3_repository.upload(path, record, lambda size: None)
    assert s3_repository.objects() == {}


def one_line(error: AIPlayerError) -> str:
    """The message, after a look at all that a traceback would show."""
    shown = "".join(traceback.format_exception(error))
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert not any(secret in shown for secret in CREDENTIALS.values())
    return error.message


def test_without_credentials_it_says_how_to_give_them(s3_endpoint, monkeypatch, tmp_path, caplog):
    for name in CREDENTIALS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(InvalidInput) as caught:
        S3Repository(s3_client(s3_endpoint, ""), BUCKET, "x").set_names()
    assert one_line(caught.value).startswith(f"There are no credentials for s3://{BUCKET}/x. Give them in one of")
    assert SECRET not in caplog.text


def test_a_bucket_that_is_not_there(s3_endpoint):
    with pytest.raises(NotFound) as caught:
        S3Repository(s3_client(s3_endpoint, "us-east-1"), "nobodys", "").set_names()
    assert one_line(caught.value) == "There is no bucket for s3://nobodys. Make it, or name another."


def test_a_server_that_is_away(monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(s3_client_module, "ATTEMPTS", 1)
    client = s3_client(f"http://127.0.0.1:{free_port()}", "us-east-1")
    with pytest.raises(Unavailable) as caught:
        S3Repository(client, BUCKET, "").set_names()
    assert one_line(caught.value).startswith(f"s3://{BUCKET} cannot be used: EndpointConnectionError. Look at")


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_credentials_that_are_refused(s3_repository, monkeypatch, code):
    def refuse(**arguments):
        told = {"Code": code, "Message": f"{SECRET} is wrong"}
        raise ClientError({"Error": told, "ResponseMetadata": {}}, "GetObject")

    monkeypatch.setattr(s3_repository._client, "get_object", refuse)
    with pytest.raises(InvalidInput) as caught:
        s3_repository.read_set("x")
    assert f"refuses these credentials: {code}." in one_line(caught.value)
