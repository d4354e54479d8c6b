"""The fastest way is measured once a device, on a real UNet."""

import json

import pytest

from aiplayer.thumbnails.diffusion import tuning
from aiplayer.thumbnails.diffusion.sizes import UNetSizes
from aiplayer.thumbnails.diffusion.tuning import Way, fastest_way

SIZES = UNetSizes(channels=(32,), attends=(False,), blocks=1, heads=4, context_width=32)


@pytest.fixture(autouse=True)
def with_bfloat16(monkeypatch):
    """As on a processor that computes in it."""
    monkeypatch.setattr(tuning, "cpu_computes_bfloat16", lambda: True)


@pytest.mark.heavy
def test_every_way_is_timed_once_and_the_fastest_kept(tmp_path):
    file = tmp_path / "speed.json"
    seconds = {}
    way = fastest_way(SIZES, file, progress=seconds.__setitem__)
    assert set(seconds) == {Way(p, x) for p in ("float32", "bfloat16") for x in (False, True)}
    assert way == min(seconds, key=seconds.get)
    assert all(value > 0 for value in seconds.values())
    assert fastest_way(SIZES, file, progress=lambda *_: pytest.fail("measured again")) == way


def test_a_way_that_is_asked_for_is_not_measured(tmp_path):
    way = fastest_way(SIZES, tmp_path / "speed.json", precision="bfloat16", jit_compile=True)
    assert way == Way("bfloat16", True)
    assert not list(tmp_path.iterdir())


def test_half_a_choice_is_the_fastest_of_the_rest(tmp_path, monkeypatch):
    times = {Way("float32", False): 2.0, Way("float32", True): 1.0, Way("bfloat16", False): 0.5}
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: times.get(way, 3.0) for way in ways})
    file = tmp_path / "speed.json"
    assert fastest_way(SIZES, file, precision="float32") == Way("float32", True)
    assert fastest_way(SIZES, file) == Way("bfloat16", False)
    assert fastest_way(SIZES, file, jit_compile=True) == Way("float32", True)
    (entries,) = json.loads(file.read_text()).values()
    assert len(entries) == 4


def test_a_damaged_file_is_measured_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: float(way.jit_compile) for way in ways})
    file = tmp_path / "speed.json"
    file.write_text("{")
    assert not fastest_way(SIZES, file).jit_compile
    assert json.loads(file.read_text())


def test_a_processor_without_bfloat16_is_not_asked_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tuning, "cpu_computes_bfloat16", lambda: False)
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: float(way.jit_compile) for way in ways})
    file = tmp_path / "speed.json"
    assert fastest_way(SIZES, file) == Way("float32", False)
    (entries,) = json.loads(file.read_text()).values()
    assert [entry["precision"] for entry in entries] == ["float32", "float32"]


def test_a_gpu_is_asked_for_half_precision_of_both_kinds(tmp_path, monkeypatch):
    monkeypatch.setattr(tuning, "device", lambda: ("GPU", "a card"))
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: 1.0 for way in ways})
    file = tmp_path / "speed.json"
    fastest_way(SIZES, file)
    (entries,) = json.loads(file.read_text()).values()
    assert {entry["precision"] for entry in entries} == {"float32", "mixed_float16", "bfloat16"}
