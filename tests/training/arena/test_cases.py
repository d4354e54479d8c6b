"""A development set as it should be, and each way in which it can be wrong."""

import gzip
import json

import pytest

from aiplayer.errors import InvalidInput
from training.arena.cases import are_same_playlists, read_cases


def write_case(folder, asked, hidden):
    """Questions as they are given, and answers gzipped, as the arena gives them."""
    folder.mkdir(parents=True)
    (folder / "questions.json").write_text(json.dumps(asked))
    (folder / "answers.json.gz").write_bytes(gzip.compress(json.dumps(hidden).encode()))


def record(id, songs=(), tags=(), **more):
    return {"id": id, "songs": list(songs), "tags": list(tags)} | more


def test_cases_are_read_in_the_order_of_the_mix_and_by_id(tmp_path):
    write_case(tmp_path / "title_only", [record(4, plylst_title="jazz"), record(2)], [record(2), record(4, [5])])
    write_case(tmp_path / "song_tag", [record(4, [1], ["a"])], [record(4, [2, 3], ["b"])])
    (tmp_path / "README.md").write_text("Not a case.")
    first, second = read_cases(tmp_path)
    assert (first.name, first.songs, first.tags) == ("song_tag", [{2, 3}], [{"b"}])
    assert (second.name, second.songs, second.tags) == ("title_only", [set(), {5}], [set(), set()])
    assert [(question.playlist_id, question.title) for question in second.questions] == [(2, ""), (4, "jazz")]
    assert not are_same_playlists([first, second])
    assert are_same_playlists([first, first])


WHOLE = [record(1, [1]), record(2)], [record(1, [2]), record(2, [3], ["a"])]


@pytest.mark.parametrize(
    ("asked", "hidden", "message"),
    [
        (WHOLE[0], WHOLE[1][:1], "playlist 2's question has no answer, one of 1 such"),
        (WHOLE[0], [], "playlist 1's question has no answer, one of 2 such"),
        (WHOLE[0][:1], WHOLE[1], "playlist 2's answer has no question, one of 1 such"),
        ([], [], "no answer names a song"),
        (WHOLE[0], [record(1), record(2)], "no answer names a song"),
        ([record(1, [7])], [record(1, [7, 8])], "the answer of playlist 1 holds 7, which its question gives away"),
        ([record(1, [], ["a"])], [record(1, [7], ["a"])], "the answer of playlist 1 holds 'a', which its question"),
        (WHOLE[0], [WHOLE[1][0], record(2) | {"songs": "3"}], 'record 2: songs is "3", not a list'),
        ([record(1, [1]), record(1, [3])], WHOLE[1], "record 2: id 1 stands twice"),
        (WHOLE[0], {"1": [2]}, "answers.json.gz is not a JSON array of records"),
    ],
)
def test_a_case_that_is_not_whole_is_refused(tmp_path, asked, hidden, message):
    write_case(tmp_path / "song_only", asked, hidden)
    with pytest.raises(InvalidInput) as refused:
        read_cases(tmp_path)
    assert message in refused.value.message
    assert "song_only" in refused.value.message
    assert "\n" not in refused.value.message


def test_a_file_that_was_cut_off_is_refused(tmp_path):
    write_case(tmp_path / "song_only", *WHOLE)
    asked = tmp_path / "song_only" / "questions.json"
    asked.write_text(asked.read_text()[:-4])
    with pytest.raises(InvalidInput, match=r"questions.json, line 1, record 2: .* Mend or remove it"):
        read_cases(tmp_path)


def test_a_folder_that_is_no_development_set_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"There is no folder .*/none\. Give the arena's development set"):
        read_cases(tmp_path / "none")
    with pytest.raises(InvalidInput, match=r"holds no case\. Give the arena's development set"):
        read_cases(tmp_path)
    write_case(tmp_path / "song_only", *WHOLE)
    (tmp_path / "song_only" / "answers.json.gz").unlink()
    with pytest.raises(InvalidInput, match=r"song_only has no answers.json.gz and no answers.json\. .* Add it"):
        read_cases(tmp_path)
    (tmp_path / "songs").mkdir()
    allowed = "CASE one of song_only, song_tag, tag_title, title_only"
    with pytest.raises(InvalidInput, match=rf"songs is no case of the arena\. Rename or remove it\. .*{allowed}"):
        read_cases(tmp_path)
