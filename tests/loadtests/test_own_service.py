import os
import sqlite3

import psutil

from aiplayer.settings import Settings
from loadtests import own_service
from loadtests.own_service import database_to_measure, remove_left_copies


def test_an_sqlite_database_is_copied_and_the_copy_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(own_service, "FOLDER", tmp_path / "load")
    source = tmp_path / "catalogue.db"
    with sqlite3.connect(source) as connection:
        connection.execute("CREATE TABLE songs AS SELECT 7 AS song_id")
    connection.close()

    with database_to_measure(f"sqlite:///{source}") as database:
        copy = database.url.removeprefix("sqlite:///")
        assert copy != str(source)
        copied = sqlite3.connect(copy)
        assert copied.execute("SELECT * FROM songs").fetchall() == [(7,)]
        copied.execute("DELETE FROM songs")
        copied.commit()
        copied.close()
        assert "a copy" in database.note()

    left = sqlite3.connect(source)
    assert left.execute("SELECT * FROM songs").fetchall() == [(7,)]
    left.close()
    assert list((tmp_path / "load").iterdir()) == []


def test_copies_of_killed_measurements_are_removed(tmp_path):
    killed = psutil.Popen(["true"])
    killed.wait()
    for name in (f"copy-{killed.pid}-a_b-c", f"copy-{os.getpid()}-x", "report.html"):
        (tmp_path / name).mkdir()
    remove_left_copies(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"copy-{os.getpid()}-x", "report.html"}


def test_another_database_is_used_as_it_is_and_that_is_said():
    url = "mysql+pymysql://somebody:secret@database.example/aiplayer"
    with database_to_measure(url) as database:
        assert database.url == url
        assert "stay in its log" in database.note()
        assert "secret" not in database.note()


def test_a_process_gets_the_pinned_models_and_translates_nothing():
    url = "mysql+pymysql://somebody@database.example/aiplayer"
    with database_to_measure(url) as database:
        environment = database.environment()
    assert environment["AIPLAYER_DATABASE_URL"] == url
    assert environment["AIPLAYER_TRANSLATE_TITLES"] == "false"
    assert environment["AIPLAYER_MODELS__TITLE_ENCODER"] == Settings().models.title_encoder
