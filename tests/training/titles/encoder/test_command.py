"""The commands as a person types them."""

import sys

import pytest

from aiplayer.catalogue import connect, migrate
from aiplayer.settings import Settings
from aiplayer.titles import encoder as title_encoder
from aiplayer.titles.use import MultilingualUSE
from tests.support.arena import write_playlists
from tests.support.tiny_encoder import encoder, two_worlds
from training.console import run_command
from training.dataset.load import import_melon
from training.encoder import main
from training.publish.store import is_whole
from training.setup import publish_encoder

pytestmark = pytest.mark.heavy


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs a command; what it printed."""

    def run(*arguments) -> str:
        monkeypatch.setattr(sys, "argv", ["training.encoder", *map(str, arguments)])
        run_command(main)
        return capsys.readouterr().out

    return run


@pytest.fixture
def source(tmp_path):
    encoder().save(str(tmp_path / "source"))
    return tmp_path / "source"


def test_fit_writes_an_encoder_that_measures_better_and_can_be_the_source_again(command, source, tmp_path):
    train, tuned, dev = write_playlists(tmp_path / "train.json", two_worlds()), tmp_path / "tuned", tmp_path / "dev"
    learning = ("--train", train, "--source", source)
    assert "tuned on" in command("fit", *learning, "--rate", 0.05, "--epochs", 4, "--keep", 0, "--out", tuned)
    assert title_encoder.create(str(tuned)).encode("rain").shape == (12,)
    dev.mkdir()
    write_playlists(dev / "questions.json", [("rain 비", [], []), ("surf", [], [])])
    write_playlists(dev / "answers.json", [("", list(range(60)), ["tag 0"]), ("", list(range(100, 160)), ["tag 1"])])
    printed = command("measure", *learning, "--encoder", tuned, "--dev", dev)
    rows = {line[:33].strip(): [float(word) for word in line.split()[-2:]] for line in printed.splitlines()[-5:]}
    before, after = rows["title search, nDCG@10"]
    assert after > before
    assert rows["songs from a title, nDCG@100"][1] > 0.5


def test_without_a_file_the_services_database_is_learned_from(command, source, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'own.db'}"
    engine = connect(url, 5, 60)
    migrate(engine)
    write_playlists(tmp_path / "train.json", two_worlds())
    import_melon(tmp_path, engine)
    engine.dispose()
    monkeypatch.setenv("AIPLAYER_DATABASE_URL", url)
    assert "pairs of titles" in command("fit", "--source", source, "--epochs", 0.1, "--out", tmp_path / "tuned")
    assert (tmp_path / "tuned" / "modules.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fit", "--train", "none.json", "--out", "{}/x"], "none.json has no train.json"),
        (["fit", "--train", "{}/train.json", "--out", "{}/train.json"], "train.json is a file. Name a folder"),
        (["fit", "--train", "{}/train.json", "--out", "{}/x", "--source", "{}/none"], "/none cannot be loaded"),
        (["fit", "--train", "{}/apart.json", "--out", "{}/x", "--source", "{}/source"], "there is nothing to learn"),
        (["fit", "--train", "{}/empty.json", "--out", "{}/x"], "empty.json has no playlists"),
        (["measure", "--train", "{}/train.json", "--encoder", "{}/source", "--dev", "{}"], "holds no questions.json"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(arguments, told, command, source, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    write_playlists(tmp_path / "train.json", two_worlds(4))
    write_playlists(tmp_path / "apart.json", [("a", [1], []), ("b", [2], [])])
    write_playlists(tmp_path / "empty.json", [])
    with pytest.raises(SystemExit) as ended:
        command(*(argument.replace("{}", str(tmp_path)) for argument in arguments))
    assert ended.value.code.startswith("error: ")
    assert told in ended.value.code
    assert "\n" not in ended.value.code


@pytest.mark.parametrize(
    "arguments", [["--keep", "2"], ["--pairs", "0"], ["--epochs", "many"], ["--rate", "0"], ["--seed", "-1"]]
)
def test_numbers_out_of_range_are_refused_with_the_range(arguments, command, capsys):
    with pytest.raises(SystemExit) as ended:
        command("fit", "--out", "x", *arguments)
    assert ended.value.code == 2
    assert f"{arguments[1]} is not a number from" in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_of_the_default_encoder_can_be_the_source(multilingual_use, tmp_path):
    multilingual_use.save(str(tmp_path))
    again = title_encoder.create(str(tmp_path))
    assert isinstance(again[0], MultilingualUSE)
    assert (again.encode("비 오는 날") == multilingual_use.encode("비 오는 날")).all()


def test_an_encoder_that_was_tuned_again_is_published_again(source):
    import bentoml

    settings = Settings(title_encoder_source=str(source))
    tags = [publish_encoder(settings), publish_encoder(settings)]
    changed = encoder()
    changed[0].embedding.weight.data.mul_(2)
    changed.save(str(source))
    tags.append(publish_encoder(settings))
    try:
        assert all(map(is_whole, tags))
        assert tags[0] == tags[1] != tags[2]
    finally:
        for tag in {*tags}:
            bentoml.models.delete(tag)
