"""A file that is not what it must be is named."""

import hashlib

import pytest

from aiplayer.errors import ModelMissing
from aiplayer.file_records import FileRecord, check_files, is_inside, records_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "songs.npy").write_bytes(b"songs")
    (tmp_path / "words.json").write_bytes(b"{}")
    return tmp_path


def test_a_record_holds_the_size_and_the_sha256(folder):
    assert records_of(folder, without=("words.json",)) == {
        "tables/songs.npy": FileRecord(bytes=5, sha256=hashlib.sha256(b"songs").hexdigest())
    }


def test_files_that_are_as_they_were_pass_beside_others(folder):
    records = records_of(folder)
    (folder / "other").write_text("x")
    check_files(folder, records, "the recommender", "Run it.")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"SONGS"), "The file tables/songs.npy of the recommender is damaged. Run it."),
        (lambda path: path.write_bytes(b"song"), "The file tables/songs.npy of the recommender is damaged. Run it."),
        (lambda path: path.unlink(), "The file tables/songs.npy of the recommender is missing or cannot be read."),
    ],
    ids=["other bytes", "cut off", "removed"],
)
def test_a_damaged_file_is_named(folder, damage, message):
    records = records_of(folder)
    damage(folder / "tables" / "songs.npy")
    with pytest.raises(ModelMissing) as caught:
        check_files(folder, records, "the recommender", "Run it.")
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("name", ["weights.npz", "tables/songs.npy", "..weights"])
def test_paths_inside_a_folder(name):
    assert is_inside(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../weights", "a/../../b", "/etc/passwd", "a\\b", "a//b", "a/./b", "\0"]
)
def test_paths_that_may_leave_it(name):
    assert not is_inside(name)
