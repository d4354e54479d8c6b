"""The whole comparison in miniature."""

import os
import re
import sys

import pytest

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.sizes import DecoderSizes, Sizes, TextSizes, UNetSizes
from training.console import run_command
from training.diffusion import __main__ as command
from training.diffusion import speed
from training.diffusion.machines import Machine
from training.diffusion.timing import Job, PictureSeconds, Result

TINY = Sizes(
    text=TextSizes(vocabulary=512, width=32, layers=1, heads=1, tokens=77),
    unet=UNetSizes(channels=(32,), attends=(False,), blocks=1, heads=4, context_width=32),
    decoder=DecoderSizes(channels=(32, 32, 32), blocks=1),
)


def run(monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.setattr(command, "SIZES", TINY)
    monkeypatch.setattr(command.CONSOLE, "width", 200)
    monkeypatch.setattr(sys, "argv", ["diffusion", "speed", *arguments])
    run_command(command.main)
    return capsys.readouterr().out


@pytest.mark.heavy
def test_every_way_is_a_row_and_both_ratios_are_printed(monkeypatch, capsys):
    # Nine processes would spend two minutes on importing torch or TensorFlow; the last test here starts one.
    monkeypatch.setattr(speed, "in_own_process", lambda function, *arguments: function(*arguments))
    # These are one of each kind.
    monkeypatch.setattr(speed, "THEIRS", (speed.THEIRS[0], speed.THEIRS[2], speed.THEIRS[3]))
    monkeypatch.setitem(speed.OUR_PRECISIONS, "CPU", ("float32",))
    printed = run(monkeypatch, capsys, "--width", "24", "--height", "16", "--steps", "1")
    rows = {}
    for line in printed.splitlines():
        way, *cells = [cell.strip() for cell in line.strip("│").split("│")]
        if cells:
            rows[way] = cells
    assert list(rows) == [way.name for way in (*speed.THEIRS, *speed.our_ways("CPU"))]
    measured = {name: cells for name, cells in rows.items() if cells[1]}
    # A compiler may be missing; what needs none has to be measured.
    assert {name for name in rows if "compiled" not in name} <= measured.keys()
    differences = {name: float(cells[4]) for name, cells in measured.items()}
    assert differences["diffusers float32"] == 0
    assert differences["ours float32"] < 1e-5
    assert differences["ours float32 + XLA"] < 1e-5
    assert all(difference < 0.1 for difference in differences.values())
    assert re.search(r"ours \S+.* : diffusers .* \d+\.\d\d \(asked: at most 0.8\)", printed)
    assert re.search(r"batch of 4 : 4 x 1  \d+\.\d\d \(asked: at most 0.85\); 1 steps in", printed)
    assert re.search(r"TensorFlow .*: x86_64 CPU of \d+ cores, \d+ threads; products of", printed)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--width", "10"], "The width is 10 pixels. Use a multiple of 4 from 8."),
        (["--height", "4"], "The height is 4 pixels. Use a multiple of 4 from 8."),
        (["--steps", "0"], "The number of steps is 0. Use 1 or more."),
        (["--pictures", "0"], "The number of pictures is 0. Use 1 or more."),
    ],
)
def test_what_cannot_be_measured_is_refused(monkeypatch, capsys, arguments, message):
    with pytest.raises(SystemExit, match=f"error: {re.escape(message)}"):
        run(monkeypatch, capsys, *arguments)


@pytest.mark.heavy
def test_missing_diffusers_is_said_plainly(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    from training.diffusion.reference import unet_class

    with pytest.raises(InvalidInput, match=r"diffusers is not installed. Run pip install diffusers"):
        unet_class()


def test_ratios_are_those_of_the_fastest_ways(tmp_path):
    slow, fast, failing = speed.THEIRS[:3]
    ours = speed.our_ways("CPU")[0]
    results = {
        slow: Result(3.0, 0.0, 1.0, 0.0),
        fast: Result(2.0, 0.0, 1.0, 0.0),
        failing: "no compiler",
        ours: Result(1.5, 0.0, 1.0, 0.0),
    }
    machine = Machine("CPU", "a machine", "1.0", 2, {"float32": 2e9, "bfloat16": 4e9})
    pictures_s = PictureSeconds(alone=4.0, together=3.0, decoding=1.0)
    speeds = speed.Speeds(Job(tmp_path, TINY, 16, 16, 1, 1), 10**9, machine, machine, results, pictures_s)
    assert speeds.step_ratio == 0.75
    assert speeds.batch_ratio == 0.75
    assert speeds.fastest(ours=False)[0] is fast


@pytest.mark.process
def test_a_measurement_has_a_process_of_its_own_and_says_why_it_fails(tmp_path):
    assert speed.in_own_process(os.getpid) != os.getpid()
    job = Job(tmp_path, TINY, 16, 16, 1, 1)
    assert speed._result(job, speed.our_ways("CPU")[0]).startswith("ModelMissing: The weights")
