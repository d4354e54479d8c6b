"""Settings for a service that strangers can reach: how they are written, and that no secret ever shows."""

import hashlib
import json

import pytest
from pydantic import ValidationError

from aiplayer.settings import Settings

SECRET = "correct-horse-battery"
SHA256 = hashlib.sha256(SECRET.encode()).hexdigest()


def keys(monkeypatch, *written: object):
    monkeypatch.setenv("AIPLAYER_API_KEYS", json.dumps(written))
    return Settings().api_keys


def test_by_default_nothing_is_asked_of_a_caller_and_nothing_is_opened():
    settings = Settings()
    assert (settings.api_keys, settings.requests_per_minute, settings.key_headers) == ((), 0, {})
    assert (settings.trusted_proxies, settings.cors_origins, settings.admin_port) == ((), (), 0)
    assert settings.admin_host == "127.0.0.1"


def test_a_key_is_a_secret_or_its_hash(monkeypatch):
    (plain,) = keys(monkeypatch, {"name": "page", "secret": SECRET})
    (hashed,) = keys(monkeypatch, {"name": "page", "sha256": SHA256.upper()})
    assert plain.digest == hashed.digest == bytes.fromhex(SHA256)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"name": "page"}, "needs either secret or sha256"),
        ({"name": "page", "secret": SECRET, "sha256": SHA256}, "needs either secret or sha256"),
        ({"name": "page", "secret": ""}, "has an empty secret"),
        ({"name": "page", "secret": f"{SECRET} "}, "must be printable ASCII without spaces"),
        ({"name": "page", "secret": f"{SECRET}열쇠"}, "must be printable ASCII without spaces"),
        ({"name": "page", "secret": [SECRET]}, "Input should be a valid string"),
        ({"name": "page", "sha256": SECRET}, "String should match pattern"),
        ({"name": "the page", "secret": SECRET}, "String should match pattern"),
        ({"name": "page", "secret": SECRET, "requests_per_minute": -1}, "greater than or equal to 0"),
        ({"name": "page", "secret": SECRET, "rate": 3}, "Extra inputs are not permitted"),
        (SECRET, "valid dictionary"),
    ],
)
def test_a_wrong_key_is_refused_without_showing_it(monkeypatch, written, message):
    with pytest.raises(ValidationError, match=message) as refused:
        keys(monkeypatch, written)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("written", [SECRET, f'"{SECRET}"', f'{{"page": "{SECRET}"}}'])
def test_what_is_no_list_of_keys_is_refused_without_showing_it(monkeypatch, written):
    monkeypatch.setenv("AIPLAYER_API_KEYS", written)
    with pytest.raises(ValidationError, match=r"must be JSON|valid tuple") as refused:
        Settings()
    assert SECRET not in str(refused.value)


def test_keys_that_cannot_be_told_apart_are_refused(monkeypatch):
    with pytest.raises(ValidationError, match="must have different names"):
        keys(monkeypatch, {"name": "a", "secret": "one"}, {"name": "a", "secret": "two"})
    with pytest.raises(ValidationError, match="must have different secrets"):
        keys(monkeypatch, {"name": "a", "secret": SECRET}, {"name": "b", "sha256": SHA256})


def test_no_secret_is_in_a_repr(monkeypatch):
    keys(monkeypatch, {"name": "page", "secret": SECRET}, {"name": "other", "sha256": "ab" * 32})
    monkeypatch.setenv("AIPLAYER_SERVICE_KEY", "of-the-page")
    settings = Settings()
    assert settings.key_headers == {"Authorization": "Bearer of-the-page"}
    for secret in (SECRET, "ab" * 32, "of-the-page"):
        assert secret not in f"{settings!r} {settings} {settings.api_keys}"


@pytest.mark.parametrize("written", ["10.0.0.0/8, ::1", '["10.0.0.0/8", "::1"]', " 10.0.0.0/8,,::1,"])
def test_a_list_is_written_with_commas_or_as_json(monkeypatch, written):
    monkeypatch.setenv("AIPLAYER_TRUSTED_PROXIES", written)
    assert Settings().trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("variable", "written", "message"),
    [
        ("TRUSTED_PROXIES", "*", "must be addresses and networks"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "must be addresses and networks"),
        ("CORS_ORIGINS", "https://player.example/path", "must be origins such as"),
        ("CORS_ORIGINS", "player.example", "must be origins such as"),
        ("ADMIN_PORT", "65536", "less than or equal to 65535"),
        ("ADMIN_HOST", "localhost", "must be an address of this machine"),
        ("REQUESTS_PER_MINUTE", "-1", "greater than or equal to 0"),
    ],
)
def test_what_would_not_do_what_it_seems_to_is_refused(monkeypatch, variable, written, message):
    monkeypatch.setenv(f"AIPLAYER_{variable}", written)
    with pytest.raises(ValidationError, match=message):
        Settings()


@pytest.mark.parametrize("origin", ["https://player.example", "http://localhost:8501", "http://[::1]:8501", "*"])
def test_an_origin_has_no_path(monkeypatch, origin):
    monkeypatch.setenv("AIPLAYER_CORS_ORIGINS", origin)
    assert Settings().cors_origins == (origin,)
