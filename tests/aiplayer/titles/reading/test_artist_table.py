import pytest

from aiplayer.errors import InvalidInput
from aiplayer.text import name_key
from aiplayer.titles.reading.artist_table import common_words, is_common, known_artists, read_artists

HEADER = "latin,hangul,also,words\n"


def written(folder, text):
    path = folder / "names.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_is_an_artist_with_its_forms(tmp_path):
    path = written(tmp_path, f'{HEADER}RAIN,비,정지훈|Bi,RAIN|비\n"Earth, Wind & Fire",어스 윈드 앤 파이어,EWF,\n')
    rain, fire = read_artists(path)
    assert rain.name == "RAIN"
    assert rain.forms == ("RAIN", "비", "정지훈", "Bi")
    assert rain.words == ("RAIN", "비")
    assert fire.latin == ("Earth, Wind & Fire",)
    assert fire.words == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("latin,hangul\n", "line 1: the columns are"),
        ("", "line 1: the columns are"),
        (f"{HEADER}BTS,방탄소년단,방탄,\nIU,아이유\n", "line 3: 2 columns, not 4; quote a name that holds a comma"),
        (f"{HEADER},아이유,,\n", "line 2: no name in the column latin"),
        (f"{HEADER}IU,아이유,I.U.,\n", "line 2: 'I.U.' is empty, or the same name as another"),
        (f"{HEADER}IU,아이유|,,\n", "line 2: '' is empty"),
        (f"{HEADER}RAIN,비,,Rain\n", "line 2: 'Rain' is among the words, but no form"),
    ],
)
def test_an_error_names_the_line_and_what_to_do(tmp_path, text, message):
    with pytest.raises(InvalidInput, match=message.replace(".", r"\.").replace("|", r"\|")):
        read_artists(written(tmp_path, text))


def test_the_table_of_the_product_is_sorted_and_large():
    names = [row.name.casefold() for row in known_artists()]
    assert len(names) > 6_900
    assert names == sorted(names)


def test_namesakes_are_apart_and_settled_rows_are_so():
    rows = {(row.name, row.hangul): row for row in known_artists()}
    assert ("S#arp", ("샵",)) in rows
    assert ("Sharp", ("샤프",)) in rows
    assert ("LISA", ("리사",)) in rows
    assert ("LiSA", ("리사",)) in rows
    assert ("Can", ("칸",)) in rows
    assert ("CAN", ("캔",)) in rows
    assert "a-ha" not in rows["a-ha", ("아하",)].words
    assert rows["Seong-Jin Cho", ("조성진",)].words == ()


@pytest.mark.parametrize("name", ["Morning", "morning coffee", "좋은 아침", "봄", "1975", "EX", "Love Songs", "Queen"])
def test_words_are_common(name):
    assert is_common(name)


@pytest.mark.parametrize("name", ["Radiohead", "Mac DeMarco", "까데호", "Morning Musume", "새소년", "优客李林"])
def test_names_are_not_common(name):
    assert not is_common(name)


def test_common_words_are_keys():
    assert all(word == name_key(word) for word in common_words())
    assert "" not in common_words()
