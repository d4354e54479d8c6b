"""The command that makes a key, and that the service takes what it prints."""

import sys
import tomllib

import pytest

from aiplayer import settings
from aiplayer.settings import Settings
from gateway.exposure.keys import KeyRing
from infra import keys


def run(monkeypatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["keys", *arguments])
    keys.main()


def test_what_is_printed_makes_a_key_that_the_service_knows(monkeypatch, capsys, tmp_path):
    run(monkeypatch, "page")
    printed = capsys.readouterr().out
    secret = printed.splitlines()[2]
    block = printed[printed.index("[[api_keys]]") :]
    assert secret not in block
    assert tomllib.loads(block)["api_keys"][0]["name"] == "page"

    (tmp_path / "aiplayer.toml").write_text(block)
    monkeypatch.setattr(settings, "SETTINGS_FILE", tmp_path / "aiplayer.toml")
    found = KeyRing(Settings().api_keys).find(secret.encode())
    assert found is not None
    assert found.name == "page"


def test_every_key_is_another_one():
    assert len({keys.fresh_key("page").digest for _ in range(100)}) == 100


def test_a_name_that_no_key_may_have_is_refused_in_one_line(monkeypatch):
    with pytest.raises(SystemExit, match=r"^error: The name may have up to 64 letters"):
        run(monkeypatch, "the page")
