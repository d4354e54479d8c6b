"""The build context holds all that the Dockerfile copies, and says how large the image gets."""

import re
from fnmatch import fnmatch

import pytest

from aiplayer.errors import InvalidInput
from aiplayer.settings import PROJECT
from infra.image.__main__ import LOCKS, PAGE_LOCK, check_size, claim
from infra.image.context import DOCKERFILE, write_context
from infra.image.docker import build_command
from infra.image.sizes import Part, package_bytes, parts_of

COPY = re.compile(r"^COPY (?!--from)(?P<sources>.+) \S+$", re.MULTILINE)
LOCK = PROJECT / "requirements"


@pytest.fixture
def context(tmp_path):
    (tmp_path / "bento").mkdir()
    write_context(tmp_path, (LOCKS["cpu"], PAGE_LOCK))
    return tmp_path


def test_all_that_is_copied_is_there_and_nothing_else_is_sent(context):
    copied = COPY.findall(DOCKERFILE.read_text())
    sources = {source.replace("${LOCK}", LOCKS["cpu"]) for line in copied for source in line.split()}
    assert sources == {"bento", "install.py", "page", "requirements/serving.lock", "requirements/page.lock"}
    assert all((context / source).exists() for source in sources)

    (context / "secrets.env").touch()
    ignored = (context / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    sent = {path.name for path in context.iterdir() if f"!{path.name}" in ignored}
    assert sent == {"bento", "install.py", "page", "requirements"}


def test_the_page_comes_without_models(context):
    files = [path.relative_to(context / "page") for path in (context / "page").rglob("*") if path.is_file()]
    assert not [path for path in files if fnmatch(path.name, "*.safetensors") or "__pycache__" in path.parts]
    assert sum((context / "page" / path).stat().st_size for path in files) < 5_000_000


@pytest.mark.parametrize("variant", ["cpu", "gpu"])
def test_the_size_of_every_package_is_known_and_they_fit(context, variant):
    lock = LOCK / LOCKS[variant]
    parts = parts_of(context / "bento", lock)
    assert sum(part.bytes for part in parts) > 2_000_000_000
    check_size(parts, variant)
    assert package_bytes(lock)["pillow"] > 5_000_000


def test_an_image_that_is_too_large_is_refused(capsys):
    with pytest.raises(InvalidInput, match=r"The image would be 500 MB larger than it may be\."):
        check_size([Part("models", 2_000_000_000), Part("code", 1_500_000_000)], "cpu")
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert shown == [
        ["models", "2,000", "MB"],
        ["code", "1,500", "MB"],
        ["sum", "3,500", "MB"],
        ["limit", "3,000", "MB"],
    ]


def test_a_package_whose_size_nobody_knows_is_named(tmp_path):
    lock = tmp_path / "serving.lock"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(InvalidInput, match=r"The size of no-such-package 1\.0 is not known\. Install serving\.lock"):
        package_bytes(lock)


def test_one_command_builds_each_variant(tmp_path):
    assert build_command(tmp_path, "cpu", "serving.lock", "ai-player")[-3:] == [
        "--build-arg",
        "LOCK=serving.lock",
        str(tmp_path),
    ]
    assert "NVIDIA_VISIBLE_DEVICES=all" in build_command(tmp_path, "gpu", "serving-cuda.lock", "ai-player")


def test_a_folder_of_something_else_is_left_as_it_is(tmp_path):
    (tmp_path / "requirements").mkdir()
    with pytest.raises(InvalidInput, match="something else than a build context"):
        claim(tmp_path)
    # One that was begun and killed is a build context.
    claim(tmp_path / "out")
    (tmp_path / "out" / "bento").mkdir()
    claim(tmp_path / "out")
