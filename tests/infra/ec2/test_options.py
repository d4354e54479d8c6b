"""What an operator may ask of a deployment, and how what cannot be is refused."""

from pathlib import Path

import pytest

from aiplayer.errors import InvalidInput
from infra.ec2.machine_types import CPU_TYPES, GPU_TYPES
from infra.ec2.options import Options, checked_name, checked_options
from infra.ec2.parameters import Release, read_secrets
from infra.ec2.prices import estimate, read_prices
from infra.ec2.resource import Cost

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/6e1f"


def options(**given: object) -> Options:
    plain = {
        "image": "ai-player:1",
        "set_name": "",
        "repository": "",
        "secrets": None,
        "types": [],
        "is_cpu": False,
        "vpc": "",
        "ssh_cidr": "",
        "is_group": False,
        "certificate": "",
        "machines": 2,
        "most_painters": 0,
    }
    return checked_options(**(plain | given))


def test_a_card_is_wanted_unless_it_is_said_otherwise():
    assert options().types == GPU_TYPES
    assert options(is_cpu=True).types == CPU_TYPES
    assert options(types=["g6.2xlarge"]).types == ("g6.2xlarge",)
    assert options(set_name="latest", repository="s3://models/a").release == Release("ai-player:1", "latest")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"image": "Ai Player"}, "--image is no image."),
        ({"image": "", "set_name": "latest"}, "--set needs --image."),
        ({"set_name": "latest"}, "Say where from: --repository s3://bucket/prefix"),
        ({"set_name": "newest", "repository": "s3://models/a"}, "--set is no set."),
        ({"repository": "https://user:hushhush@host"}, "--repository is no bucket. Name one: s3://bucket/prefix"),
        ({"types": ["big"]}, "--type big is no type of machine."),
        ({"types": ["g6.xlarge"], "is_cpu": True}, "--type and --cpu say different things."),
        ({"ssh_cidr": "0.0.0.0/0"}, "--ssh-cidr would let everybody in."),
        ({"ssh_cidr": "home"}, "--ssh-cidr is no network."),
        ({"is_group": True}, "A group needs --certificate ARN"),
        ({"most_painters": 2}, "Give --group too."),
        ({"is_group": True, "certificate": CERTIFICATE, "machines": 0}, "--machines 0 is not possible."),
        ({"is_group": True, "certificate": CERTIFICATE, "most_painters": 21}, "--painters 21 is not possible."),
    ],
)
def test_what_cannot_be_is_refused(given, message):
    with pytest.raises(InvalidInput) as refused:
        options(**given)
    assert message in refused.value.message
    assert "hushhush" not in refused.value.message


@pytest.mark.parametrize("name", ["Demo", "demo-", "1st", "a-name-of-fifteen", ""])
def test_a_name_that_parts_cannot_carry_is_refused(name):
    with pytest.raises(InvalidInput, match="up to 14 small letters"):
        checked_name(name)


def test_secrets_are_the_files_of_a_folder(tmp_path):
    (tmp_path / "aiplayer_api_keys").write_text("[]\n")
    (tmp_path / "tls_key").write_text("key")
    (tmp_path / ".hidden").write_text("")
    assert read_secrets(tmp_path) == {"aiplayer_api_keys": "[]", "tls_key": "key"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("grafana_password", "x", "belongs to no setting"),
        ("aiplayer_api_keys", "", "must hold 1 to 4,096 bytes"),
        ("aiplayer_api_keys", "hush" * 2_000, "must hold 1 to 4,096 bytes"),
    ],
)
def test_a_secret_that_cannot_be_kept_is_refused_and_not_repeated(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(InvalidInput) as refused:
        read_secrets(tmp_path)
    assert message in refused.value.message
    assert "hushhush" not in refused.value.message


def test_secrets_need_a_folder():
    with pytest.raises(InvalidInput, match="is no folder"):
        read_secrets(Path("/nowhere"))


def test_a_month_has_730_hours_and_a_price_that_is_not_listed_is_not_invented():
    lines = estimate([Cost("machine", "g5.xlarge", 2), Cost("disk", "gp3", 80), Cost("machine", "p5.48xlarge", 1)])
    assert [line.usd for line in lines] == [pytest.approx(2 * 1.006 * 730), pytest.approx(6.4), None]
    assert {*GPU_TYPES, *CPU_TYPES} <= read_prices().keys()
