"""Set-up in a fresh clone's state folder would take minutes; here is what its second run and its publishing do."""

import json
import subprocess
import sys
import time

import bentoml
import pytest
from sqlalchemy.exc import OperationalError

from aiplayer.errors import ModelMissing
from aiplayer.settings import PINS_FILE, PROJECT, ModelPins, Settings
from infra.local import ENVIRONMENT, free_port
from runners.store import check_made_for, pinned_model
from training import setup
from training.publish import is_stored, pin, store, tag_of


def test_a_second_run_does_nothing_and_is_quick():
    before = PINS_FILE.stat().st_mtime_ns
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "training.setup"], cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert time.monotonic() - started < 10
    assert PINS_FILE.stat().st_mtime_ns == before


def test_every_pin_is_an_exact_version_in_the_store():
    for tag in Settings().models.model_dump().values():
        assert len(tag.partition(":")[2]) == 12
        assert is_stored(tag)


def test_a_version_is_decided_by_what_the_model_is_made_of():
    assert tag_of("m", "data", 1) == tag_of("m", "data", 1) != tag_of("m", "data", 2)


def test_a_model_whose_writing_fails_is_not_stored():
    def fail(folder):
        (folder / "half").write_text("x")
        raise OSError("disk full")

    tag = tag_of("test_model", "fails")
    with pytest.raises(OSError, match="disk full"):
        store(tag, fail, labels={})
    assert not is_stored(tag)


def test_a_stored_model_is_found_by_its_tag_and_checked_by_its_labels():
    tag = tag_of("test_model", "works")
    store(tag, lambda folder: (folder / "weights").write_text("x"), labels={"catalogue": "abc"})
    try:
        model = pinned_model(tag, "test model")
        check_made_for(model, "catalogue", "abc")
        with pytest.raises(ModelMissing, match="made for catalogue abc, not for xyz"):
            check_made_for(model, "catalogue", "xyz")
    finally:
        bentoml.models.delete(tag)


@pytest.mark.parametrize("tag", ["", "title_encoder:000000000000"])
def test_a_missing_model_says_what_to_run(tag):
    with pytest.raises(ModelMissing, match="make setup"):
        pinned_model(tag, "title encoder")


def test_pins_are_replaced_in_one_step(tmp_path):
    path = tmp_path / "models.json"
    pin(ModelPins(title_encoder="a:1"), "mysql://host/a", path)
    pin(ModelPins(title_encoder="a:2"), "mysql://host/b", path)
    pinned = json.loads(path.read_text())
    assert pinned["models"]["title_encoder"] == "a:2"
    assert {key: pins["title_encoder"] for key, pins in pinned["databases"].items()} == {
        "mysql://host/a": "a:1",
        "mysql://host/b": "a:2",
    }
    assert list(tmp_path.iterdir()) == [path]


def test_without_its_database_the_models_stay_as_they_are(monkeypatch, capsys):
    away = Settings(database_url=f"mysql+pymysql://127.0.0.1:{free_port()}/x", models=Settings().models)
    with pytest.raises(OperationalError):
        setup.set_up(away)
    monkeypatch.setattr(setup, "is_pinned", lambda database: True)
    assert setup.set_up(away) == away.models
    assert "The database does not answer" in capsys.readouterr().out
