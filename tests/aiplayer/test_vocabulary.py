import pytest

from aiplayer.vocabulary import Vocabulary

VOCABULARY = Vocabulary(song_ids=[7, 3, 9], tags=["hiphop", "rnb", "여름", "밤", "재즈", "90년대", "R&B", "city pop"])


def test_songs_come_before_tags_and_padding_is_zero():
    assert VOCABULARY.song_items([9, 7]) == [3, 1]
    assert VOCABULARY.tag_items(["여름", "hiphop"]) == [6, 4]
    assert len(VOCABULARY) == 11


def test_what_was_never_seen_is_left_out():
    assert VOCABULARY.song_items([8, 3]) == [2]
    assert VOCABULARY.tag_items(["winter"]) == []


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("Hip-Hop for the gym", ["hiphop"]),
        ("late night R & B", ["R&B"]),
        ("CITY POP ♪", ["city pop"]),
        ("한여름 밤의 파티", ["여름"]),
        ("깊은 밤 재즈", ["밤", "재즈"]),
        ("90년대로 돌아가", ["90년대"]),
        ("기록하는 하루", []),
        ("", []),
    ],
)
def test_a_title_names_tags_in_so_many_words(title, tags):
    assert VOCABULARY.tags_in(title) == tags


def test_a_saved_vocabulary_is_read_back(tmp_path):
    VOCABULARY.save(tmp_path)
    assert Vocabulary.load(tmp_path) == VOCABULARY
