import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.files import reading, whole_file, write_whole


def write_half_and_fail(draft):
    draft.write_text("half")
    (draft.parent / "\0").touch()


def test_a_file_is_replaced_whole_and_its_folder_made(tmp_path):
    path = tmp_path / "new" / "pins.json"
    write_whole(path, "first")
    write_whole(path, "두 번째")
    assert path.read_text(encoding="utf-8") == "두 번째"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_stays_as_it_was_where_writing_fails(tmp_path):
    path = tmp_path / "pins.json"
    write_whole(path, "first")
    with pytest.raises(ValueError, match="embedded null"), whole_file(path) as draft:
        write_half_and_fail(draft)
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_keeps_the_suffix_that_writers_go_by(tmp_path):
    with whole_file(tmp_path / "state.npz") as draft:
        assert draft.suffix == ".npz"
        assert draft.parent == tmp_path
        draft.write_bytes(b"")


def test_what_cannot_be_read_says_what_it_is_and_what_to_do(tmp_path):
    with pytest.raises(ModelMissing, match=r"The index cannot be read\..*training\.setup --anew"), reading("The index"):
        (tmp_path / "missing").read_bytes()


@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[:-20], lambda content: bytes(len(content))]
)
def test_an_archive_of_arrays_that_is_damaged_says_so(tmp_path, damage):
    file = tmp_path / "index.npz"
    np.savez(file, vectors=np.ones(100))
    file.write_bytes(damage(file.read_bytes()))
    # Numpy leaves a file open that it cannot read, so it is opened here.
    with (
        file.open("rb") as opened,
        pytest.raises(ModelMissing, match="The index cannot be read"),
        reading("The index"),
        np.load(opened) as arrays,
    ):
        arrays["vectors"]
