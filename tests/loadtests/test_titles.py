import re
from itertools import islice
from string import Formatter

from loadtests.titles import COUNT, TITLES, WRITTEN, _words, distinct_titles


def test_titles_are_thousands_and_none_comes_twice():
    assert len(TITLES) == len(set(TITLES)) == COUNT
    assert TITLES[: len(WRITTEN)] == WRITTEN


def test_the_same_seed_composes_the_same_titles_and_another_one_others():
    first = list(islice(distinct_titles(7), 500))
    assert list(islice(distinct_titles(7), 500)) == first
    assert len(set(first) & set(islice(distinct_titles(8), 500))) < 25


def test_titles_are_in_both_languages_and_short_enough_for_the_service():
    korean = [title for title in TITLES if re.search("[가-힣]", title)]
    assert 0.5 < len(korean) / len(TITLES) < 0.7
    assert max(map(len, TITLES)) < 100
    assert not any("{" in title or title != title.strip() for title in TITLES)


def test_titles_name_every_word_of_the_lists():
    composed = "\n".join(islice(distinct_titles(0), 20_000))
    for language in ("korean", "english"):
        lists = _words()[language]
        slots = {slot for template in lists["templates"] for _, slot, _, _ in Formatter().parse(template) if slot}
        assert slots == lists.keys() - {"templates"}
        for slot in slots:
            assert len(set(lists[slot])) == len(lists[slot]), slot
            assert [word for word in lists[slot] if word not in composed] == [], slot
