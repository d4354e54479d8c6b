import pytest

from aiplayer.artists import artist_keys


@pytest.mark.parametrize(
    ("artist", "keys"),
    [
        ("태연 (TAEYEON)", ("태연taeyeon", "태연", "taeyeon")),
        ("IU(아이유)", ("iu아이유", "iu", "아이유")),
        ("뷔 [V]", ("뷔v", "뷔", "v")),
        ("(여자)아이들", ("여자아이들", "아이들")),
        ("(G)I-DLE", ("gidle", "idle")),
        ("f(x)", ("fx",)),
        ("Drake (feat. Rihanna)", ("drakefeatrihanna", "drake", "rihanna")),
        ("Drake Featuring Rihanna", ("drakefeaturingrihanna", "drake", "rihanna")),
        ("Drake ft.Rihanna", ("drakeftrihanna", "drake", "rihanna")),
        ("Defeater", ("defeater",)),
        ("Big Feat", ("bigfeat",)),
        ("The Beatles", ("thebeatles", "beatles")),
        ("The The", ("thethe", "the")),
        ("Theo", ("theo",)),
        ("P!nk", ("pnk", "pink")),
        ("Ke$ha", ("keha", "kesha")),
        ("Joey Bada$$", ("joeybada", "joeybadass")),
        ("Hey! Say! JUMP", ("heysayjump",)),
        ("(여자)", ("여자",)),
        ("!!!", ("!!!",)),
        ("\u3164", ()),
        ("가" * 300, ("가" * 255,)),
    ],
)
def test_an_artist_is_looked_up_by_every_form_of_the_name(artist, keys):
    assert artist_keys(artist) == keys


def test_no_stack_of_marks_takes_long():
    assert artist_keys("a" + "\u0301\u0327" * 500_000) == ("a",)
