"""The fastest way is measured once a device, on a real UNet."""

import gc
import json
import weakref
from functools import partial

import pytest
import tensorflow as tf

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion import tuning
from aiplayer.thumbnails.diffusion.cpu_kernels.fused import xla_compiles
from aiplayer.thumbnails.diffusion.sizes import UNetSizes
from aiplayer.thumbnails.diffusion.tuning import WORTH_COMPILING, Way, fastest_way

pytestmark = pytest.mark.heavy

SIZES = UNetSizes(channels=(32,), attends=(False,), blocks=1, heads=4, context_width=32)


@pytest.fixture(autouse=True)
def with_bfloat16(monkeypatch):
    """As on a processor that computes in it."""
    monkeypatch.setattr(tuning, "cpu_computes_bfloat16", lambda: True)


def test_every_way_is_timed_once_and_the_fastest_kept(tmp_path):
    file = tmp_path / "speed.json"
    seconds = {}
    way = fastest_way(SIZES, file, progress=seconds.__setitem__)
    assert set(seconds) == {Way(p, x) for p in ("float32", "bfloat16") for x in (False, True)}
    assert seconds[way] <= min(seconds.values()) / WORTH_COMPILING
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


@pytest.mark.parametrize(("xla_s", "is_chosen"), [(30.44, False), (28.0, True)])
def test_xla_is_chosen_where_it_is_worth_compiling(tmp_path, monkeypatch, xla_s, is_chosen):
    times = {Way("float32", False): 30.71, Way("float32", True): xla_s}
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: times[way] for way in ways})
    assert fastest_way(SIZES, tmp_path / "speed.json", precision="float32").jit_compile == is_chosen


def test_a_way_is_told_before_it_is_measured_and_after(monkeypatch):
    monkeypatch.setattr(tuning, "_measure_way", lambda sizes, way: 2.0)
    told = []
    tuning.measure(SIZES, [Way("float32", False)], lambda *progress: told.append(progress))
    assert told == [(Way("float32", False), None), (Way("float32", False), 2.0)]


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


def fail_in(monkeypatch, *failing_ways: bool) -> None:
    """Let compilation fail with or without XLA, as it does where a library of CUDA's is missing."""
    # What this device really does is remembered by the process, so it is looked up before anything fails.
    xla_compiles()
    compile_really = tf.function

    def fail(*_):
        raise tf.errors.InternalError(None, None, "libdevice not found at ./libdevice.10.bc\nand more")

    def compile_or_fail(function=None, jit_compile=False, **options):
        if function is None:
            return partial(compile_or_fail, jit_compile=jit_compile, **options)
        if jit_compile in failing_ways:
            return fail
        return compile_really(function, jit_compile=jit_compile, **options)

    monkeypatch.setattr(tuning.tf, "function", compile_or_fail)


def test_no_network_stays_in_memory_after_it_was_timed(monkeypatch):
    build_really = tuning.build_unet
    built = []

    def build(sizes):
        assert all(unet() is None for unet in built)
        unet = build_really(sizes)
        built.append(weakref.ref(unet))
        return unet

    monkeypatch.setattr(tuning, "build_unet", build)
    gc.disable()
    try:
        seconds = tuning.measure(SIZES, [Way("float32", False), Way("float32", True)])
    finally:
        gc.enable()
    assert len(seconds) == len(built) == 2
    assert all(unet() is None for unet in built)


def test_a_way_that_fails_is_told_and_out_of_the_race(tmp_path, monkeypatch, caplog):
    file = tmp_path / "speed.json"
    fail_in(monkeypatch, True)
    way = fastest_way(SIZES, file, precision="float32")
    assert way == Way("float32", False)
    (line,) = caplog.messages
    assert line == ("float32 with XLA fails on this device: InternalError: libdevice not found at ./libdevice.10.bc")
    # What fails for want of memory may work at the next start: so it is not kept.
    (entries,) = json.loads(file.read_text()).values()
    assert [entry["jit_compile"] for entry in entries] == [False]


def test_where_every_way_fails_one_sentence_says_so(tmp_path, monkeypatch):
    fail_in(monkeypatch, True, False)
    with pytest.raises(ModelMissing, match=r"No way of computing works on this device, .* cores: the log says what"):
        fastest_way(SIZES, tmp_path / "speed.json")


def test_times_of_another_processor_are_not_taken_over(tmp_path, monkeypatch):
    monkeypatch.setattr(tuning, "measure", lambda sizes, ways, progress: {way: float(way.jit_compile) for way in ways})
    file = tmp_path / "speed.json"
    fastest_way(SIZES, file)
    monkeypatch.setattr(tuning, "processor", lambda: "Another (avx)")
    fastest_way(SIZES, file)
    keys = list(json.loads(file.read_text()))
    assert len(keys) == 2
    assert "Another (avx)" in keys[1]
