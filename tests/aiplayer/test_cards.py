"""Which cards there are: what the environment shows, and what the driver tells."""

import subprocess
import sys
from types import SimpleNamespace

import pynvml
import pytest

from aiplayer.cards import Card, Machine, read_cards, visible_cards
from aiplayer.settings import PROJECT

GIB = 2**30
MODELS = ("NVIDIA L4", "NVIDIA A10G", "NVIDIA T4")


def all_or_named(names):
    return [Card(name, "NVIDIA L4", 24 * GIB) for name in (("0", "1", "2") if names is None else names)]


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        (None, ["0", "1", "2"]),
        ("1", ["1"]),
        (" 2, 0 ", ["2", "0"]),
        ("GPU-8932f937,MIG-5c89852c", ["GPU-8932f937", "MIG-5c89852c"]),
        ("1,-1,0", ["1"]),
        ("-1", []),
        ("", []),
    ],
)
def test_cuda_visible_devices_says_which_cards_there_are(shown, names):
    environment = {} if shown is None else {"CUDA_VISIBLE_DEVICES": shown}
    assert [card.name for card in visible_cards(environment, all_or_named)] == names


@pytest.fixture
def driver(monkeypatch, tmp_path):
    """A driver that tells of three cards, and the folder in which they are files."""

    def by_index(index: int) -> int:
        if index >= len(MODELS):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_INVALID_ARGUMENT)
        return index

    for number in range(len(MODELS)):
        (tmp_path / f"nvidia{number}").touch()
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: len(MODELS))
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", by_index)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", {"GPU-b": 1}.__getitem__)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetName", MODELS.__getitem__)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", lambda handle: SimpleNamespace(total=(handle + 1) * GIB))
    return tmp_path


def test_the_driver_tells_of_all_cards(driver):
    assert read_cards(None, driver) == [
        Card("0", "NVIDIA L4", GIB),
        Card("1", "NVIDIA A10G", 2 * GIB),
        Card("2", "NVIDIA T4", 3 * GIB),
    ]


def test_cards_are_told_by_number_and_by_uuid(driver):
    assert [card.model for card in read_cards(["2", "GPU-b"], driver)] == ["NVIDIA T4", "NVIDIA A10G"]


def test_what_stands_behind_a_card_that_is_not_there_is_hidden(driver, caplog):
    assert [card.name for card in read_cards(["1", "7", "0"], driver)] == ["1"]
    assert "cards that can be used: 1. Of the next one the driver says: Invalid Argument" in caplog.text


def test_a_driver_that_does_not_work_has_no_cards(driver, monkeypatch, caplog):
    def fail():
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH)

    monkeypatch.setattr(pynvml, "nvmlInit", fail)
    assert read_cards(None, driver) == []
    assert "version mismatch" in caplog.text


def test_where_no_card_is_a_file_the_driver_is_not_asked(driver, monkeypatch, tmp_path):
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: pytest.fail("it was asked"))
    for file in driver.iterdir():
        file.unlink()
    (tmp_path / "nvidiactl").touch()
    assert read_cards(None, tmp_path) == []


def test_without_cards_nothing_is_asked_of_the_libraries(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert Machine.here() == Machine()


@pytest.mark.process
def test_a_machine_is_described_without_importing_what_computes():
    program = "import sys; from aiplayer.devices import Machine; Machine.here(); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert {"tensorflow", "torch", "keras"}.isdisjoint(ended.stdout.split())
