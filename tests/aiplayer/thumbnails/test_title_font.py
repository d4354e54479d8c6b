"""Every letter that is drawn has a glyph, and stands where its script puts it."""

from importlib.metadata import distribution

import pytest
from PIL import ImageFont

from aiplayer.thumbnails.title_font import FONT_FILES, TitleFont, drawable


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("비 오는 날 카페에서 듣는 재즈", "비 오는 날 카페에서 듣는 재즈"),
        ("비 오는 날 ☕🌧️ 재즈 ❤️ Đêm mưa", "비 오는 날 ☕ 재즈 ❤ Đêm mưa"),
        ("雨の日の夜のカフェ ♬ ★", "雨の日の夜のカフェ ♬ ★"),
        ("Летняя ночь · Νύχτα · ქართული", "Летняя ночь · Νύχτα · ქართული"),
        ("late🌙night", "late night"),
        ("1️⃣ K-POP 🇰🇷 👍🏽", "1 K-POP"),
        ("❤️‍🔥 love", "love"),
        ("rain\u00ady day\u200b", "rainy day"),
        ("cafe\u0301 \u1112\u1161\u11ab글", "café 한글"),
        ("Z\u0337\u0322a\u0337lgo", "Zalgo"),
        ("(🎧), jazz 🎷!", "jazz"),
        ("שלום jazz مساء، शाम की धुन ฝนตก ລາວ", "jazz"),
        ("!!!", "!!!"),
        ("\u3164\ufe0f", ""),
        ("\ue000\U0010ffff", ""),
    ],
)
def test_what_cannot_be_drawn_is_left_out_whole(title, text):
    assert drawable(title) == text


@pytest.fixture
def fonts() -> list[ImageFont.FreeTypeFont]:
    """Each font by itself, of 40 pixels."""
    paths = [distribution(package).locate_file(file) for package, file in FONT_FILES]
    return [ImageFont.truetype(str(path), 40, layout_engine=ImageFont.Layout.BASIC) for path in paths]


@pytest.mark.parametrize(
    "title", ["비 오는 날 ☕🌧️ 재즈 ❤️", "Đêm mưa ở Hà Nội", "咖啡馆 夜のカフェ", "Ёлка ½ “…” — 🎵♫"]
)
def test_no_letter_is_drawn_as_a_box(fonts, title):
    # No font holds this code point, so each draws its box for it.
    boxes = [bytes(font.getmask("\uffff")) for font in fonts]
    for letter in drawable(title).replace(" ", ""):
        drawn = [bytes(font.getmask(letter)) for font in fonts]
        assert drawn != boxes, letter


def test_a_word_is_drawn_in_one_font_that_holds_all_of_it(fonts):
    korean, second = fonts
    font = TitleFont(40)
    assert font.length_px("재즈") == korean.getlength("재즈")
    assert font.length_px("mưa") == second.getlength("mưa") != korean.getlength("mưa")
    assert font.length_px("재즈 mưa") == sum(font.length_px(part) for part in ("재즈", " ", "mưa"))
