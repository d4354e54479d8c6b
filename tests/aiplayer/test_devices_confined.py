"""What TensorFlow and PyTorch are told of a share of a card; the card itself is played."""

import pytest
import tensorflow as tf
import torch

from aiplayer.cards import Card
from aiplayer.devices import Part, Placement, confine
from aiplayer.errors import InvalidInput

pytestmark = pytest.mark.heavy

CARD = Card("0", "NVIDIA L4", 24 * 2**30)
RECOMMENDER = Placement(Part.RECOMMENDER, CARD, memory_share=0.15)
TITLE_ENCODER = Placement(Part.TITLE_ENCODER, CARD, memory_share=0.1)


@pytest.fixture
def told(monkeypatch) -> list[tuple]:
    """What is told to libraries that see a card."""
    told: list[tuple] = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [f"the {kind}"])
    monkeypatch.setattr(tf.config, "set_logical_device_configuration", lambda *arguments: told.append(arguments))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", lambda share: told.append((share,)))
    return told


def test_tensorflow_is_told_how_much_memory_it_may_have(told):
    assert confine(RECOMMENDER) is RECOMMENDER
    ((card, (limit,)),) = told
    assert (card, limit.memory_limit) == ("the GPU", 3_686)


def test_pytorch_is_told_its_share_and_keeps_float32(told, monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    assert confine(TITLE_ENCODER) is TITLE_ENCODER
    assert told == [(0.1,)]
    assert not torch.backends.cudnn.allow_tf32


@pytest.mark.parametrize(
    ("placement", "words"),
    [
        (RECOMMENDER, "recommender on the CPU: TensorFlow sees no card, and the log says why"),
        (TITLE_ENCODER, "title encoder on the CPU: PyTorch sees no card"),
    ],
)
def test_a_library_that_sees_no_card_computes_on_the_processor(placement, words, monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    placed = confine(placement)
    assert (placed.words, placed.device) == (words, "cpu")


def test_where_a_card_has_to_be_used_a_tensorflow_that_sees_none_is_refused(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    with pytest.raises(InvalidInput, match="recommender cannot use the card: TensorFlow sees no card"):
        confine(Placement(Part.RECOMMENDER, CARD, memory_share=0.15, is_required=True))
