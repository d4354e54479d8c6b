"""What separates the names of a list is a property of its whole column."""

import pytest

from aiplayer.text import name_key
from training.dataset.table.lists import split_artists, split_genres, split_tags

KNOWN = {"Earth, Wind & Fire", "Norah Jones", "Feist", "Tyler, The Creator", "Crosby, Stills, Nash & Young", "아이유"}


def nobody(keys: set[str]) -> set[str]:
    return set()


def catalogue(keys: set[str]) -> set[str]:
    return {name_key(name) for name in KNOWN} & keys


@pytest.mark.parametrize(
    ("column", "artists"),
    [
        (["Queen,David Bowie"], [("Queen", "David Bowie")]),
        (["Tyler, The Creator,Kali Uchis", "Norah Jones"], [("Tyler, The Creator", "Kali Uchis"), ("Norah Jones",)]),
        (
            ["Tyler, The Creator;Kali Uchis", "Earth, Wind & Fire"],
            [("Tyler, The Creator", "Kali Uchis"), ("Earth, Wind & Fire",)],
        ),
        (["A | B", "Tyler, The Creator"], [("A", "B"), ("Tyler, The Creator",)]),
        (
            ["Norah Jones, Feist", "Tyler\\, The Creator, Kali"],
            [("Norah Jones", "Feist"), ("Tyler, The Creator", "Kali")],
        ),
        (["Earth, Wind & Fire"], [("Earth", "Wind & Fire")]),
        (["10,000 Maniacs", "10,000 Maniacs, Feist"], [("10,000 Maniacs",), ("10,000 Maniacs", "Feist")]),
        (["10,000 Maniacs,Feist", "blink-182,Feist"], [("10,000 Maniacs", "Feist"), ("blink-182", "Feist")]),
        (["['A, B', 'C']", '["D"]', "[]", "E, F"], [("A, B", "C"), ("D",), (), ("E", "F")]),
        (["[ALEXANDROS]", "['x', 1]"], [("[ALEXANDROS]",), ("['x'", "1]")]),
        (["A, A ,B,", "", "  "], [("A, A", "B"), (), ()]),
        (["IU,", "IU, "], [("IU",), ("IU",)]),
        ([], []),
    ],
)
def test_artists_are_separated_as_their_column_is(column, artists):
    assert split_artists(column, nobody) == artists


@pytest.mark.parametrize(
    ("column", "artists"),
    [
        (["Earth, Wind & Fire"], [("Earth, Wind & Fire",)]),
        (["earth,  wind & fire, Norah Jones"], [("earth, wind & fire", "Norah Jones")]),
        (["Feist, Crosby, Stills, Nash & Young"], [("Feist", "Crosby, Stills, Nash & Young")]),
        (["Norah Jones, Feist", "IU,Suga"], [("Norah Jones", "Feist"), ("IU", "Suga")]),
        (["Tyler, The Creator,Norah Jones, Feist"], [("Tyler, The Creator", "Norah Jones", "Feist")]),
        (["Earth,Wind & Fire"], [("Earth, Wind & Fire",)]),
        (["Somebody, Else"], [("Somebody", "Else")]),
        (["Norah Jones, Feist;X"], [("Norah Jones, Feist", "X")]),
    ],
)
def test_an_artist_whom_the_catalogue_knows_decides(column, artists):
    assert split_artists(column, catalogue) == artists


def test_the_catalogue_is_asked_once_and_only_where_commas_separate():
    questions = []

    def ask(keys: set[str]) -> set[str]:
        questions.append(keys)
        return set()

    split_artists(["A; B, C"], ask)
    assert questions == []
    split_artists(["A, B", "C"], ask)
    assert questions == [{"a", "b", "c", "ab"}]


def test_genres_are_separated_as_their_column_is():
    assert split_genres(["Folk, World, & Country;Rock", "Jazz"]) == [("Folk, World, & Country", "Rock"), ("Jazz",)]
    assert split_genres(["art pop,dance pop", "jazz, soul"]) == [("art pop", "dance pop"), ("jazz", "soul")]
    assert split_genres(["['art pop', 'jazz']", "rock|pop"]) == [("art pop", "jazz"), ("rock", "pop")]


@pytest.mark.parametrize(
    "tags", ["밤, 재즈", "밤;재즈", "밤|재즈", "#밤 #재즈", "#밤,#재즈", "['밤', '#재즈']", "밤,,재즈,밤"]
)
def test_tags_are_separated_by_whatever_no_tag_holds(tags):
    assert split_tags(tags) == ("밤", "재즈")
