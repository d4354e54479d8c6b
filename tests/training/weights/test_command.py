"""The command that fetches weights, from a hub on loopback, and the service's side of it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from transformers import CLIPTokenizer

from aiplayer.errors import ModelMissing
from aiplayer.settings import PROJECT, Settings
from aiplayer.thumbnails.diffusion.files import locations
from aiplayer.thumbnails.models import thumbnail_model
from tests.support.commands import Shell
from tests.support.hub import COMMIT, Hub, Repository, sha256

pytestmark = pytest.mark.process

MODEL = "painters/tiny-diffusion"
FOLDER = "painters--tiny-diffusion"
CARD = {"license": "creativeml-openrail-m"}
UNET = "unet/diffusion_pytorch_model.safetensors"
READ = {
    *("tokenizer/vocab.json", "tokenizer/merges.txt"),
    *("text_encoder/config.json", "unet/config.json", "vae/config.json"),
    *("text_encoder/model.safetensors", UNET, "vae/diffusion_pytorch_model.safetensors"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with Hub() as server:
        yield server


@pytest.fixture
def hub(server) -> Hub:
    """The hub, without any model, which has not been asked for anything."""
    server.repositories.clear()
    server.requests.clear()
    return server


@pytest.fixture(scope="module")
def environment(server, tmp_path_factory) -> dict[str, str]:
    """Environment variables of the command, without a network beyond the hub."""
    home = {"HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path_factory.mktemp("home")), "NO_PROXY": "*"}
    return os.environ | home | {"PYTHONPATH": str(PROJECT), "HF_ENDPOINT": server.url}


@pytest.fixture(scope="module")
def shell(environment) -> Iterator[Shell]:
    with Shell("training.weights", PROJECT, environment) as shell:
        yield shell


@pytest.fixture
def repository(hub, published):
    """A miniature in the hub, beside files that nobody reads."""
    hub.repositories[MODEL] = repository = Repository.of_folder(published.folder, card=CARD)
    repository.files |= {"README.md": b"# Tiny", "unet/diffusion_pytorch_model.bin": b"pickle", "safety.txt": b""}
    return repository


@pytest.fixture
def run(hub, shell, environment, tmp_path):
    """The command; on a terminal, or with other environment variables, in a process of its own."""

    def run(*arguments, model=MODEL, stdin=None, **others):
        typed = (model, "--out", str(tmp_path), *arguments)
        if stdin is None and not others:
            ended = shell.run(*typed)
        else:
            ended = subprocess.run(
                [sys.executable, "-m", "training.weights", *typed],
                env=environment | others,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                capture_output=True,
                text=True,
                timeout=60,
            )
        return SimpleNamespace(status=ended.returncode, out=ended.stdout, error=ended.stderr)

    return run


def assert_refused(result: SimpleNamespace, message: str) -> None:
    """One line, and no traceback."""
    assert (result.status, result.error) == (1, f"error: {message}\n")


def test_what_we_read_is_fetched_and_nothing_else(hub, repository, run, tmp_path):
    result = run("--accept-license")
    assert (result.status, result.error) == (0, "")
    assert result.out == (
        f"{MODEL} at commit {COMMIT[:12]}: 9 files to fetch, 0.0 GB\n"
        f"licence: creativeml-openrail-m, {hub.url}/{MODEL}/blob/{COMMIT}/README.md\n"
        f"✓ {tmp_path / FOLDER}\n"
        f"Paint with them: AIPLAYER_DIFFUSION_WEIGHTS={tmp_path / FOLDER} make up\n"
    )
    assert {name.removeprefix("GET ") for name in hub.requests if name.startswith("GET")} == READ | {"README.md"}
    for name in READ:
        assert (tmp_path / FOLDER / name).read_bytes() == repository.files[name]
    assert json.loads((tmp_path / FOLDER / "sha256.json").read_text()) == {
        name: sha256(repository.files[name]) for name in READ
    }
    assert json.loads((tmp_path / FOLDER / "source.json").read_text()) == {
        "model": MODEL,
        "commit": COMMIT,
        "licence": "creativeml-openrail-m",
        "licence_link": f"{hub.url}/{MODEL}/blob/{COMMIT}/README.md",
    }


def test_a_second_run_fetches_nothing_and_asks_nothing(hub, repository, run):
    run("--accept-license")
    hub.requests.clear()
    result = run()
    assert (result.status, hub.requests) == (0, [])
    assert f"{MODEL} at commit {COMMIT[:12]}: all files are here\n" in result.out


def test_a_file_that_was_spoilt_here_is_fetched_again(hub, repository, run, tmp_path):
    run("--accept-license")
    hub.requests.clear()
    (tmp_path / FOLDER / UNET).write_bytes(b"spoilt")
    assert run("--accept-license").status == 0
    assert hub.requests == [f"HEAD {UNET}", f"GET {UNET}"]
    assert (tmp_path / FOLDER / UNET).read_bytes() == repository.files[UNET]


def test_without_consent_nothing_is_fetched(hub, repository, run, tmp_path):
    result = run()
    assert_refused(
        result,
        "The licence was not accepted, and nothing was fetched. Read it, and accept it by: "
        f"make weights MODEL={MODEL} ACCEPT=1",
    )
    assert "licence: creativeml-openrail-m" in result.out
    assert (hub.requests, (tmp_path / FOLDER).exists()) == ([], False)


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_it_asks(hub, repository, run, typed, status):
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    result = run(stdin=theirs)
    os.close(ours)
    os.close(theirs)
    assert result.status == status
    shown, question, _ = result.out.partition("Fetch them under this licence? [y/N] ")
    assert "licence: creativeml-openrail-m" in shown
    assert question
    assert bool(hub.requests) == (status == 0)


@pytest.mark.parametrize(
    ("card", "files", "shown"),
    [
        ({"license": "other", "license_name": "a [b]", "license_link": "https://a.example/b"}, {}, "a [b], https://a"),
        ({"license": "mit"}, {"LICENSE": b"MIT"}, f"mit, HUB/{MODEL}/blob/{COMMIT}/LICENSE"),
        ({}, {}, f"none stated, HUB/{MODEL}/blob/{COMMIT}/README.md"),
    ],
)
def test_the_licence_is_named_with_its_link(hub, repository, run, card, files, shown):
    repository.card = card
    repository.files |= files
    assert f"licence: {shown.replace('HUB', hub.url)}" in run().out


def test_a_file_that_is_not_the_announced_one_is_refused(repository, run, tmp_path):
    spoilt = b"x" * len(repository.files[UNET])
    repository.sends[UNET] = spoilt
    path = tmp_path / FOLDER / UNET
    assert_refused(
        run("--accept-license"),
        f"{path} did not come as the hub announces it: {sha256(repository.files[UNET])} was expected, "
        f"{sha256(spoilt)} found. It was removed; run the same command again.",
    )
    assert not path.exists()
    assert not (tmp_path / FOLDER / "sha256.json").exists()


def test_a_transfer_that_breaks_off_is_tried_again(hub, repository, run, tmp_path):
    repository.breaks_off.add(UNET)
    assert run("--accept-license").status == 0
    assert (tmp_path / FOLDER / UNET).read_bytes() == repository.files[UNET]
    assert hub.requests.count(f"GET {UNET}") == 2


def test_another_kind_of_model_is_refused_before_its_weights_come(hub, repository, run):
    repository.files["unet/config.json"] = b'{"act_fn": "gelu"}'
    result = run("--accept-license")
    assert result.status == 1
    assert "unet/config.json says act_fn 'gelu' where Stable Diffusion 1.x has 'silu'" in result.error
    assert not [name for name in hub.requests if name.endswith("safetensors")]
    del repository.files["vae/config.json"]
    assert_refused(
        run(),
        f"{MODEL} holds no vae/config.json. Give a Stable Diffusion 1.x in the diffusers layout, with safetensors.",
    )


def test_a_tokenizer_as_todays_libraries_save_it_is_fetched(hub, repository, run, published, tmp_path):
    CLIPTokenizer.from_pretrained(published.folder / "tokenizer").save_pretrained(tmp_path / "new")
    for name in ("vocab.json", "merges.txt"):
        del repository.files[f"tokenizer/{name}"]
    repository.files["tokenizer/tokenizer.json"] = (tmp_path / "new/tokenizer.json").read_bytes()
    result = run("--accept-license")
    assert (result.status, result.error) == (0, "")
    assert "GET tokenizer/tokenizer.json" in hub.requests
    assert "tokenizer/tokenizer.json" in json.loads((tmp_path / FOLDER / "sha256.json").read_text())


def test_a_tokenizer_of_another_kind_is_refused_before_anything_comes(hub, repository, run):
    for name in ("vocab.json", "merges.txt"):
        del repository.files[f"tokenizer/{name}"]
    advice = "Give a Stable Diffusion 1.x in the diffusers layout, with safetensors."
    assert_refused(run("--accept-license"), f"{MODEL} holds no tokenizer/tokenizer.json. {advice}")
    repository.files["tokenizer/spiece.model"] = b""
    message = f"The tokenizer of {MODEL} is another than CLIP's, as spiece.model says. Give a Stable Diffusion 1.x."
    assert_refused(run("--accept-license"), message)
    assert hub.requests == []


def test_half_precision_is_fetched_where_it_is_all_there_is(hub, repository, run):
    for name in [name for name in repository.files if name.endswith(".safetensors")]:
        repository.files[name.replace(".safetensors", ".fp16.safetensors")] = repository.files.pop(name)
    assert run("--accept-license").status == 0
    assert "GET unet/diffusion_pytorch_model.fp16.safetensors" in hub.requests


def test_what_cannot_be_had_is_said_in_one_line(hub, repository, run):
    again = "then run the same command again; complete files are kept."
    unknown = f"There is no model a/b at {hub.url}, or it is private. Check the name, or set HF_TOKEN."
    assert_refused(run(model="a/b"), unknown)
    assert_refused(run(model="b"), "'b' is no name of a model on the hub. Use owner/name.")
    assert_refused(run(HF_TOKEN="wrong"), f"{hub.url} refuses the access token. Correct or unset HF_TOKEN, {again}")
    offline = f"HF_HUB_OFFLINE forbids to fetch anything. Run: make weights MODEL={MODEL}"
    assert_refused(run(HF_HUB_OFFLINE="1"), offline)
    away = "http://127.0.0.1:9 does not answer as it should (ConnectError). Check the network, "
    assert_refused(run(HF_ENDPOINT="http://127.0.0.1:9"), away + again)
    repository.gated = True
    terms = f"Accept its terms at {hub.url}/{MODEL} and set HF_TOKEN to a token of yours"
    assert_refused(run("--accept-license", HF_TOKEN="hf_right"), f"{MODEL} is gated. {terms}, {again}")


def test_make_lifts_the_ban_on_the_network(hub):
    result = subprocess.run(
        ["make", "--old-file=.venv/installed", "weights", "MODEL=a/b", "ACCEPT=1"],
        cwd=PROJECT,
        env=os.environ | {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "1", "NO_PROXY": "*", "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stderr.startswith(f"error: There is no model a/b at {hub.url}, or it is private.")
    assert result.returncode == 2


def test_a_disk_that_is_too_small_is_said_before_anything_comes(hub, repository, run, tmp_path):
    repository.size = lambda content: 10**15
    result = run("--accept-license")
    assert (result.status, hub.requests) == (1, [])
    assert result.error.startswith("error: 9000000.0 GB are to be fetched and ")
    assert result.error.endswith(
        f" GB are free at {tmp_path / FOLDER}. Free some, or give a folder on another disk: "
        "python -m training.weights --out DIR.\n"
    )


def test_the_service_finds_fetched_weights_by_their_name(repository, run, tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "FETCHED", tmp_path)
    small = {"diffusion_width_px": 128, "diffusion_height_px": 128, "diffusion_steps": 1}
    settings = Settings(diffusion_weights=MODEL, diffusion_precision="float32", diffusion_jit_compile=False, **small)
    with pytest.raises(ModelMissing, match=f"are not complete in {tmp_path / FOLDER}. Run: make weights MODEL={MODEL}"):
        thumbnail_model(settings)
    run("--accept-license")
    assert thumbnail_model(settings).facts["model"] == FOLDER
    (tmp_path / FOLDER / UNET).write_bytes(b"spoilt")
    with pytest.raises(
        ModelMissing, match=f"{UNET} are not the expected ones: sha256 {sha256(repository.files[UNET])}"
    ):
        thumbnail_model(settings)
