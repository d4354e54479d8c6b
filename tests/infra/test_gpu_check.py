"""The check of a machine with a card, on a machine without one; what it says of a card is judged by hand-made ones."""

import os
import subprocess
import sys

import pytest

from aiplayer.cards import Card, Machine
from aiplayer.devices import Part, Placement
from aiplayer.settings import PROJECT
from infra import gpu_check
from infra.findings import Finding, judged, on_the_card, placed, seen

CARD = Card("0", "NVIDIA L4", 24 * 2**30)
ON_CARD = Placement(Part.RECOMMENDER, CARD, memory_share=0.15)
ON_PROCESSOR = Placement(Part.RECOMMENDER)
TENSORFLOW_ON_CARD = "/job:localhost/replica:0/task:0/device:GPU:0"
TENSORFLOW_ON_PROCESSOR = "/job:localhost/replica:0/task:0/device:CPU:0"


def run(*options: str) -> subprocess.CompletedProcess:
    """The command on a machine whose cards are hidden."""
    command = [sys.executable, "-m", "infra.gpu_check", *options]
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    return subprocess.run(command, cwd=PROJECT, env=hidden, capture_output=True, text=True, timeout=1_800)


@pytest.mark.process
def test_without_a_card_models_are_tried_on_the_processor_and_the_rest_is_skipped_loudly():
    ended = run("--only", "title_encoder", "--only", "recommender")
    assert ended.returncode == 0, ended.stdout
    lines = ended.stdout.splitlines()
    assert "ok       title encoder            title encoder on the CPU" in lines
    assert "SKIPPED  recommender              recommender on the CPU" in lines
    assert any(line.startswith("ok       its answers              5 of 5 lists of 20 songs") for line in lines)
    assert "ok       alone and in a batch     the same to the last bit" in lines
    assert lines[-2].startswith("SKIPPED, SKIPPED, SKIPPED: the device part. There is no card here")


@pytest.mark.process
def test_where_a_card_is_required_its_absence_fails():
    ended = run("--require-gpu", "--only", "title_encoder")
    assert ended.returncode == 1
    assert "FAILED" not in ended.stdout


@pytest.mark.slow
def test_all_that_a_processor_can_do_is_tried():
    ended = run()
    assert ended.returncode == 0, ended.stdout
    found = {line[9:33].strip(): line[:8].strip() for line in ended.stdout.splitlines() if line[8:9] == " "}
    tried = {what for what, status in found.items() if status == "ok"}
    assert {"its answers", "float32 by XLA", "mixed_float16", "bfloat16", "a picture"} <= tried


@pytest.mark.process
def test_a_check_that_fails_or_takes_too_long_is_told_and_ends_nothing_else():
    ((what, status, words),) = [vars(found).values() for found in gpu_check.run_check("no_such_check", 60)]
    assert (what, status) == ("no such check", "FAILED")
    assert words == "ended with status 1: KeyError: 'no_such_check'"
    (late,) = gpu_check.run_check("libraries", 0.01)
    assert (late.what, late.status) == ("libraries", "FAILED")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (placed(ON_CARD), ("ok", "recommender on cuda:0 (NVIDIA L4), up to 15% of its memory")),
        (placed(ON_PROCESSOR), ("SKIPPED", "recommender on the CPU")),
        (
            placed(Placement(Part.RECOMMENDER, reason="TensorFlow is installed without CUDA")),
            ("FAILED", "recommender on the CPU: TensorFlow is installed without CUDA"),
        ),
        (on_the_card("tables", {TENSORFLOW_ON_CARD}, ON_CARD), ("ok", "on GPU:0")),
        (on_the_card("encoder", {"cuda:0"}, ON_CARD), ("ok", "on cuda:0")),
        (
            on_the_card("tables", {TENSORFLOW_ON_CARD, TENSORFLOW_ON_PROCESSOR}, ON_CARD),
            ("FAILED", "on CPU:0, GPU:0"),
        ),
        (on_the_card("tables", {TENSORFLOW_ON_PROCESSOR}, ON_PROCESSOR), ("SKIPPED", "on CPU:0")),
        (seen("TensorFlow", 1, Machine((CARD,))), ("ok", "sees 1 of 1 cards")),
        (seen("TensorFlow", 0, Machine((CARD,))), ("FAILED", "sees 0 of 1 cards")),
        (seen("TensorFlow", 0, Machine()), ("SKIPPED", "there is no card")),
    ],
)
def test_what_is_not_on_the_card_has_failed_where_there_is_one(found, expected):
    assert (found.status, found.words) == expected


@pytest.mark.parametrize("is_good", [True, False])
def test_the_command_fails_where_a_finding_has_failed(is_good, monkeypatch, capsys):
    finding = judged("a UNet", is_good, "on GPU:0")
    monkeypatch.setattr(gpu_check, "visible_cards", lambda environment: [CARD])
    monkeypatch.setattr(gpu_check, "check_cards", lambda cards: [Finding("cuda:0", "ok", "NVIDIA L4, 24 GiB")])
    monkeypatch.setattr(gpu_check, "run_check", lambda name, timeout_s: [finding])
    monkeypatch.setattr(sys, "argv", ["gpu_check", "--only", "step"])
    assert gpu_check.main() == (0 if is_good else 1)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == ("✓ the models compute on the card as on the processor" if is_good else "FAILED: see above")
