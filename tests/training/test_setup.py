"""Set-up in a fresh clone's state folder would take minutes; here is what its second run and its publishing do."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Thread

import bentoml
import pytest
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import Catalogue, connect, migrate
from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.settings import PINS_FILE, PROJECT, ModelPins, PinsFile, Settings
from infra.instances import free_port
from infra.programs import ENVIRONMENT
from runners.store import check_made_for, pinned_model
from training import setup
from training.dataset import load
from training.publish import lock
from training.publish.pins import is_pinned, pin
from training.publish.store import digest_of_bytes, digest_of_ingredients, find_stored, is_whole, store

pytestmark = pytest.mark.process


def test_a_second_run_does_nothing_and_is_quick():
    before = PINS_FILE.stat().st_mtime_ns
    started = os.times()
    ended = subprocess.run(
        [sys.executable, "-m", "training.setup"], cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    # Of the processor's time, for other tests run beside this one.
    assert os.times().children_user - started.children_user < 10
    assert PINS_FILE.stat().st_mtime_ns == before


def test_two_set_ups_work_one_after_the_other(tmp_path, capsys):
    ended = []
    alone = partial(lock.alone, setup.CONSOLE, "another set-up is at work; this one waits for it", tmp_path)

    def second() -> None:
        with alone():
            ended.append("second")

    with alone():
        thread = Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert ended == []
        ended.append("first")
    thread.join(10)
    assert ended == ["first", "second"]
    assert "another set-up is at work; this one waits for it" in capsys.readouterr().out


def test_every_pin_is_an_exact_version_in_the_store():
    for tag in Settings().models.model_dump().values():
        assert re.fullmatch("[a-z_]+:[0-9a-f]{12}-[0-9a-f]{12}", tag)
        assert is_whole(tag)


def test_a_version_names_the_bytes_that_it_holds(tmp_path):
    for name, content in (("first", "x"), ("same", "x"), ("other", "y")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "weights").write_text(content)
    first, same, other = (digest_of_bytes(tmp_path / name) for name in ("first", "same", "other"))
    assert first == same != other
    (tmp_path / "first" / "weights").rename(tmp_path / "first" / "renamed")
    assert digest_of_bytes(tmp_path / "first") != same


def test_what_a_model_is_made_from_decides_the_first_half_of_its_version():
    assert digest_of_ingredients("data", 1) == digest_of_ingredients("data", 1) != digest_of_ingredients("data", 2)


def test_a_model_whose_writing_fails_is_not_stored():
    def fail(folder):
        (folder / "half").write_text("x")
        raise OSError("disk full")

    made_from = digest_of_ingredients("fails")
    with pytest.raises(OSError, match="disk full"):
        store("test_model", made_from, fail, labels={})
    assert find_stored("test_model", made_from) is None


def test_a_stored_model_is_found_by_what_it_was_made_from_and_checked_by_its_labels():
    made_from = digest_of_ingredients("works")
    tag = store("test_model", made_from, lambda folder: (folder / "weights").write_text("x"), {"catalogue": "abc"})
    try:
        assert find_stored("test_model", made_from) == tag
        assert find_stored("test_model", digest_of_ingredients("something else")) is None
        model = pinned_model(tag, "test model")
        check_made_for(model, "catalogue", "abc")
        with pytest.raises(ModelMissing, match="made for catalogue abc, not for xyz"):
            check_made_for(model, "catalogue", "xyz")
    finally:
        bentoml.models.delete(tag)


def remove(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:60])


def fill_with_zeros(file: Path) -> None:
    file.write_bytes(bytes(len(file.read_bytes())))


@pytest.mark.parametrize("damage", [remove, empty, cut_off, fill_with_zeros])
@pytest.mark.parametrize("damaged", ["weights", "model.yaml", "../latest"])
def test_a_damaged_version_is_made_again_and_stands_in_no_ones_way(damage, damaged):
    """As a kill, a full disk or a power cut leaves it."""
    made_from, others = digest_of_ingredients("damaged"), digest_of_ingredients("others")

    def write(folder: Path) -> None:
        (folder / "weights").write_text("weights " * 20)

    tag = store("damaged_model", made_from, write, {})
    try:
        # Whoever asks for no version makes BentoML note the newest.
        folder = Path(bentoml.models.get("damaged_model").path)
        damage(folder / damaged)
        is_damaged = damaged != "../latest"
        assert is_whole(tag) == (not is_damaged)
        assert find_stored("damaged_model", made_from) == (None if is_damaged else tag)
        if damaged == "model.yaml":
            with pytest.raises(
                ModelMissing, match=f"The title index {tag} is damaged in the model store: model.yaml cannot"
            ):
                pinned_model(tag, "title index")

        assert is_whole(store("damaged_model", others, write, {}))
        if is_damaged:
            assert store("damaged_model", made_from, write, {}) == tag
        assert find_stored("damaged_model", made_from) == tag
    finally:
        shutil.rmtree(folder.parent)


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


@pytest.mark.parametrize("damage", [remove, empty, cut_off, fill_with_zeros])
def test_damaged_pins_are_none_and_are_written_anew(tmp_path, damage):
    path = tmp_path / "models.json"
    pin(ModelPins(title_encoder="a:1"), "mysql://host/a", path)
    damage(path)
    assert PinsFile.read(path) == PinsFile()
    assert not is_pinned("mysql://host/a", path)
    pin(ModelPins(title_encoder="a:2"), "mysql://host/a", path)
    assert is_pinned("mysql://host/a", path)


def test_without_its_database_the_models_stay_as_they_are(monkeypatch, capsys):
    away = Settings(database_url=f"mysql+pymysql://127.0.0.1:{free_port()}/x", models=Settings().models)
    with pytest.raises(OperationalError):
        setup.set_up(away)
    monkeypatch.setattr(setup, "is_pinned", lambda database: True)
    assert setup.set_up(away) == away.models
    assert "The database does not answer" in capsys.readouterr().out


@pytest.mark.process
def test_a_database_that_refuses_is_an_error(monkeypatch, mariadb):
    url = f"{mariadb.new_database()}_is_not_there"
    monkeypatch.setattr(setup, "is_pinned", lambda database: True)
    with pytest.raises(OperationalError, match="Unknown database"):
        setup.set_up(Settings(database_url=url, models=Settings().models))


def test_a_catalogue_without_titled_playlists_is_one_sentence(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(engine)
    embeddings = setup.Embeddings(engine, "title_encoder:none")
    with pytest.raises(InvalidInput, match=r"no playlist that has a title and a song.*training\.dataset import --help"):
        setup.publish_index(Catalogue(engine), embeddings)


def test_a_demo_catalogue_whose_import_was_killed_stays_the_demos(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "STATE", tmp_path)
    monkeypatch.setattr(setup.compose, "PLAYLISTS", 50)
    monkeypatch.setattr(setup.compose, "CROSSINGS", ())
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    catalogue = Catalogue(engine)
    publish = load._publish

    def publish_and_die(*arguments):
        publish(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "_publish", publish_and_die)
    with pytest.raises(KeyboardInterrupt):
        setup.fill_catalogue(catalogue, engine, Settings(seed=1))
    monkeypatch.setattr(load, "_publish", publish)
    killed = catalogue.dataset_version()
    setup.fill_catalogue(catalogue, engine, Settings(seed=2))
    assert catalogue.dataset_version() != killed
