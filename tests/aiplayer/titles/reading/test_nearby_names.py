import numpy as np

from aiplayer.titles.reading.nearby_names import CANDIDATES, NearbyNames, SpelledName
from aiplayer.titles.reading.sounds import hangul_spelling, latin_spellings


def spelled(names):
    return [SpelledName(position, latin_spellings(name)[0]) for position, name in enumerate(names)]


def test_the_nearest_name_has_the_same_consonants():
    nearby = NearbyNames(spelled(["Taylor Swift", "Mac DeMarco", "Ella Mai", "Coldplay"]))
    assert nearby.nearest(hangul_spelling("맥 드마르코"))[0].position == 1
    assert nearby.nearest(hangul_spelling("콜드플레이"))[0].position == 3


def test_the_order_of_consonants_matters():
    nearby = NearbyNames(spelled(["Tapeka", "Kapeta"]))
    assert [name.position for name in nearby.nearest(hangul_spelling("타페카"))] == [0, 1]
    assert [name.position for name in nearby.nearest(hangul_spelling("카페타"))] == [1, 0]


def test_at_most_so_many_names_are_near():
    letters = np.random.default_rng(1).choice(list("bdgklmnaeiou"), (200, 7))
    nearby = NearbyNames(spelled(["".join(row) for row in letters]))
    assert len(nearby.nearest(hangul_spelling("바나나"))) == CANDIDATES


def test_names_without_consonants_and_no_names_at_all_are_no_trouble():
    assert NearbyNames([]).nearest(hangul_spelling("바나나")) == []
    nearby = NearbyNames(spelled(["Aoi", "Hue", "Aia", "Boo"]))
    assert len(nearby.nearest(hangul_spelling("아오이"))) == 4
    assert nearby.nearest("") == []
