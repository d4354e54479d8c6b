import pytest

from aiplayer.recommender.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    song_ids=[7, 3, 9],
    tags=["hiphop", "rnb", "여름", "밤", "재즈", "90년대", "R&B", "city pop"],
    terms=[" ja", "ja", "genre:jazz"],
    artists=["Chet Baker", "IU", "Suga"],
    song_artists=[[0], [1, 2], [1]],
)


def test_songs_come_before_tags_terms_and_artists():
    assert VOCABULARY.song_rows([9, 7]).tolist() == [2, 0]
    assert VOCABULARY.tag_rows(["여름", "hiphop"]).tolist() == [5, 3]
    assert VOCABULARY.term_rows(["ja"]).tolist() == [12]
    assert VOCABULARY.artist_rows([1, 2]).tolist() == [15, 16, 15]
    assert (VOCABULARY.columns, len(VOCABULARY)) == (11, 17)
    assert VOCABULARY.names_thing().tolist() == [False, False, True]


def test_what_was_never_seen_is_left_out():
    assert VOCABULARY.song_rows([8, 3]).tolist() == [1]
    assert VOCABULARY.tag_rows(["winter"]).tolist() == []
    assert Vocabulary([1], []).artist_rows([0]).tolist() == []


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
