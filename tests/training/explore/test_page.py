"""The page's markup, as a browser reads it."""

import re
from html.parser import HTMLParser

from tests.support.frames import dataset, playlist, song
from training.explore.report import render


class Page(HTMLParser):
    """Every tag and attribute of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags = []
        self.attributes = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_needs_nothing_from_anywhere_else(page):
    read = Page(page)
    assert {"script", "link", "img", "iframe", "object", "image"}.isdisjoint(read.tags)
    assert all(value.startswith("#") for name, value in read.attributes if name in ("href", "src", "xlink:href"))
    assert all(target.startswith("#") for target in re.findall(r"url\((.*?)\)", page))
    assert re.findall(r"https?://|@import", page) == []


def test_no_two_plots_share_an_id_and_each_reference_has_its_target(page):
    read = Page(page)
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids)) > 100
    targets = {value[1:] for name, value in read.attributes if name == "href"} | set(re.findall(r"url\(#(.*?)\)", page))
    assert targets <= set(ids)


def test_every_color_of_a_plot_is_one_of_the_page(sections, page):
    drawn = "".join(section.svg for section in sections.values())
    assert re.findall(r"#[0-9a-f]{6}\b", drawn) == []
    for variable in set(re.findall(r"var\(--(\w+)\)", drawn)):
        assert page.count(f"--{variable}: #") == 2, "one for light, one for dark"


def test_what_users_wrote_is_escaped_and_only_outlines_of_it_are_drawn():
    attack = "<script>alert(1)</script>--><iframe>"
    songs = [song(1, attack, [attack], [attack])]
    html = render(dataset([playlist([1], attack, [attack], 1), playlist([1])], songs), attack)
    assert {"script", "iframe"}.isdisjoint(Page(html).tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<!--" not in html
