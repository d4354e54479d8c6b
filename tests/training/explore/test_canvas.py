"""Which text is drawn, and how wide."""

import warnings

from tests.support.frames import dataset, playlist
from training.explore.canvas import NO_GLYPH, drawable, fit, text_width_px
from training.explore.frequencies import tag_frequency


def test_korean_is_drawn_and_stands_in_the_page_as_text(page):
    korean = tag_frequency(dataset([playlist([], tags=["밤"])])).svg
    unknown = tag_frequency(dataset([playlist([], tags=["□"])])).svg
    assert korean != unknown
    assert "NanumGothic-" in korean
    assert "<b>2</b>재즈" in page


def test_signs_that_no_font_holds_are_left_out_without_a_warning():
    assert drawable("밤 🎵 산책\u200d\ufe0f $A$") == "밤 산책 $A$"
    assert drawable("🎵") == NO_GLYPH
    tags = ["🎵", "♥ 밤", "العربية", "\x07", "$\\no$", "a" * 500]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        section = tag_frequency(dataset([playlist([], tags=tags)]))
    assert ("🎵", 1) in section.rows


def test_a_label_that_is_too_wide_ends_in_an_ellipsis():
    for text in ("밤" * 100, "i" * 100, "word " * 30):
        cut = fit(text, 120)
        assert cut.endswith("…")
        assert 90 < text_width_px(cut) <= 120
    assert fit("밤", 120) == "밤"
