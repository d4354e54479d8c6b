"""What a person types and sees: `python -m training.publish` in a copy of the project, with a bucket."""

import shutil
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import pytest

from aiplayer.stored_model import bytes_digest
from loadtests.kills import Unmended
from loadtests.publishing import kill_all
from loadtests.publishing_trials import COMMAND, Machine, set_up_machine
from loadtests.tiny_s3 import CREDENTIALS
from loadtests.tiny_sets import tiny_set
from tests.support.commands import Shell
from training.publish.sets import folders_of

pytestmark = pytest.mark.process

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def machine(tmp_path, s3_endpoint) -> Machine:
    return set_up_machine(tmp_path / "project", s3_endpoint, tmp_path.name)


@pytest.fixture
def run(machine) -> Iterator[Run]:
    """Runs the command on the machine."""
    with Shell(COMMAND, machine.checkout.folder, machine.checkout.environment) as shell:
        yield shell.run


@pytest.fixture(scope="module")
def run_on_empty(tmp_path_factory, s3_endpoint) -> Iterator[Run]:
    """Runs the command on a machine without models and sets."""
    machine = set_up_machine(tmp_path_factory.mktemp("empty") / "project", s3_endpoint, "empty")
    with Shell(COMMAND, machine.checkout.folder, machine.checkout.environment) as shell:
        yield shell.run


def done(ended: CompletedProcess[str]) -> str:
    """What a command said that did what was asked."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def refused(ended: CompletedProcess[str]) -> str:
    """The one line that a command ends with."""
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    return line


def test_a_set_goes_out_comes_back_and_serves(machine, run):
    with machine.here():
        first = tiny_set(1, machine.state, attachments={"card.json": b'{"ndcg": {"songs": 0.31}}'})
        cards = {"card.json": b'{"ndcg": {"songs": 0.35}}', "card.md": b"# Two"}
        second = tiny_set(2, machine.state, attachments=cards)
    place = f"s3://models/{machine.checkout.folder.parent.name}"

    assert f"{first.name} is production of this database" in done(run("promote", first.name))
    assert "`make up` serves it from its next start on" in done(run("promote", second.name[:6]))
    assert f"{second.name} is in {place}: 9 files copied" in done(run("push"))
    assert f"{first.name} is in {place}: 4 files copied" in done(run("push", first.name))
    assert "every file was there" in done(run("push", first.name))

    shutil.rmtree(machine.state / "sets" / second.name)
    assert f"{second.name} is here, made for catalogue tiny-catalogue" in done(run("pull", "latest"))
    header, *lines = done(run("list", "--remote")).splitlines()
    assert header.split() == ["set", "made", "(UTC)", "catalogue", "parent", "production", "where", "size"]
    assert [line.split()[0] for line in lines] == [second.name, first.name]
    assert " yes " in lines[0]
    assert "here, remote" in lines[0]
    assert " yes " not in lines[1]

    assert "Two" in done(run("show", second.name))
    assert first.models.title_index in done(run("show", first.name))
    difference = done(run("diff", first.name, second.name))
    assert "title encoder: the same" in difference
    assert f"title index: {first.models.title_index} → {second.models.title_index}" in difference
    assert "  table.npy: 4,000 → 4,000 bytes" in difference
    assert "ndcg.songs: 0.31 → 0.35" in difference

    assert f"{first.name} is production of this database" in done(run("rollback"))
    assert done(run("prune", "--keep", "0")).startswith("removed here: 1 sets, 2 models")
    assert refused(run("rollback")).startswith("error: No other set was production of this database before.")


def test_a_damaged_file_is_one_line(machine):
    # By an interpreter of its own, as a person runs it.
    with machine.here():
        made = tiny_set(1, machine.state)
        (folders_of(made)["title_index"] / "title_index.npz").write_bytes(b"x")
    line = f"error: The file title_index.npz of the title index of the set {made.name} is damaged. Pull it again: "
    with pytest.raises(Unmended, match=f"promote {made.name} ended with status 1:\n{line}.*$"):
        machine.checkout.run(COMMAND, "promote", made.name)
    assert bytes_digest(made.models.title_index)


@pytest.fixture
def no_credentials(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    # Half of what is needed is nothing.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


def test_without_credentials_it_is_one_line_and_no_secret(machine, no_credentials, run):
    with machine.here():
        made = tiny_set(1, machine.state)
    for arguments in (("push", made.name), ("pull", "latest"), ("list", "--remote")):
        line = refused(run(*arguments))
        assert line.startswith("error: There are no credentials for s3://models/")
        assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("show", "abc"), "error: There is no set 'abc' here. The sets here: none."),
        (("push",), "error: No models are pinned for this database. Run `make setup` once."),
        (
            ("list", "--from", "https://me:hidden@host"),
            "error: The repository must be s3://bucket/prefix without ",
        ),
        (("prune",), "error: No models are pinned, so it is not known which are needed. Run `make setup` once."),
        (("prune", "--keep", "-1"), "error: -1 is no number of sets to keep. Give 0 or more."),
    ],
)
def test_what_cannot_be_done_is_one_line(run_on_empty, arguments, line):
    assert refused(run_on_empty(*arguments)).startswith(line)


def test_a_kill_leaves_nothing_half():
    """`python -m loadtests.publishing` tries more moments."""
    outcomes = kill_all(kills=1, seed=1, large_bytes=20_000_000)
    assert {name: len(outcome.moments_s) for name, outcome in outcomes.items()} == {"push": 1, "pull": 1, "promote": 1}
