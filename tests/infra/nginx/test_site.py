"""The site's file, and the configuration that comes of it."""

from pathlib import Path

import pytest

from aiplayer.errors import InvalidInput
from infra.nginx.configuration import addresses_of, configuration_of
from infra.nginx.site import Site, read_site

EXAMPLE = Path("infra/nginx/site.toml")


def with_lines(folder: Path, *lines: str) -> Path:
    """The example's file with more lines, each in place of the one of the same name."""
    names = {line.split(" = ")[0] for line in lines}
    kept = [line for line in EXAMPLE.read_text().splitlines() if line.split(" = ")[0] not in names]
    file = folder / "site.toml"
    file.write_text("\n".join([*kept, *lines]))
    return file


def test_the_example_has_no_canary_and_one_that_is_given_counts(tmp_path):
    assert read_site(EXAMPLE).canary_percent == 0
    file = with_lines(tmp_path, 'canaries = ["10.0.0.9:3000"]')
    assert read_site(file, canary_percent=12.5).canary_percent == 12.5


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("gateways = []", "gateways: "),
        ('gateways = ["10.0.0.5"]', "gateways.0: "),
        ('certificate = "/etc/a b; root /"', "certificate: "),
        ('page_domain = "play.example.com; deny all"', "page_domain: "),
        ('page_domain = "api.play.example.com"', "must differ"),
        ("canary_percent = 10", "there are no canaries"),
        ('gatewys = ["10.0.0.5:3000"]', "gatewys: "),
        ("gateways = [", "is no TOML"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(line, told, tmp_path):
    with pytest.raises(InvalidInput, match=r"site\.toml") as raised:
        read_site(with_lines(tmp_path, line))
    assert told in raised.value.message


def test_a_file_that_is_not_there_is_told_with_an_example(tmp_path):
    with pytest.raises(InvalidInput, match=r"infra/nginx/site\.toml is an example"):
        read_site(tmp_path / "missing.toml")


def test_a_name_becomes_all_its_addresses():
    site = read_site(EXAMPLE).model_copy(update={"gateways": ["gateways.internal:3000", "10.0.0.7:3000"]})
    known = {"gateways.internal": ["10.0.0.8", "10.0.0.7"]}
    text = configuration_of(site, lambda name: known.get(name, [name]))
    gateways = text.partition("upstream gateways {")[2].partition("}")[0]
    servers = [line.split()[1] for line in gateways.splitlines() if line.split()[:1] == ["server"]]
    assert servers == ["10.0.0.8:3000", "10.0.0.7:3000"]


def test_a_name_without_an_address_is_told():
    assert addresses_of("127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(InvalidInput, match=r"gateways\.invalid has no address"):
        addresses_of("gateways.invalid")


def test_a_picture_may_take_longer_than_any_other_answer():
    site = Site(**(read_site(EXAMPLE).model_dump() | {"longest_answer_s": 30, "longest_picture_s": 3_600}))
    text = configuration_of(site)
    for path, timeout in (("location @again {", "35s"), ("location = /thumbnail {", "3605s")):
        assert f"proxy_read_timeout {timeout};" in text.partition(path)[2].partition("}")[0]
