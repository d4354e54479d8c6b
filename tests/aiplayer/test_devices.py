"""Where each part computes, with no card, one and three."""

import pytest

from aiplayer.cards import Card, Machine
from aiplayer.devices import Part, Placement, claim, confine, place
from aiplayer.errors import InvalidInput
from aiplayer.settings import Settings

CARDS = tuple(Card(str(number), "NVIDIA L4", 24 * 2**30) for number in range(3))
NONE, ONE, TWO, THREE = (Machine(CARDS[:count]) for count in range(4))
WITH_DIFFUSION = {"diffusion_weights": "small", "recommender_workers": 2}
CPU_WORDS = {part: f"{part} on the CPU" for part in Part}


def words(machine: Machine, **settings: object) -> dict[Part, str]:
    return {part: place(part, Settings(**WITH_DIFFUSION | settings), machine).words for part in Part}


@pytest.mark.parametrize(("device", "machine"), [("auto", NONE), ("cpu", NONE), ("cpu", THREE)])
def test_without_a_card_or_where_none_is_wanted_all_is_on_the_processor(device, machine):
    assert words(machine, device=device) == CPU_WORDS


@pytest.mark.parametrize("part", Part)
def test_to_want_a_card_where_there_is_none_is_refused(part):
    with pytest.raises(InvalidInput, match="AIPLAYER_DEVICE is cuda, and no card is visible") as refused:
        place(part, Settings(device="cuda"), NONE)
    assert refused.value.field == "AIPLAYER_DEVICE"


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_one_card_is_shared_by_all(device):
    assert words(ONE, device=device) == {
        Part.THUMBNAILS: "thumbnails on cuda:0 (NVIDIA L4), up to 65% of its memory",
        # Of two processes each may have half.
        Part.RECOMMENDER: "recommender on cuda:0 (NVIDIA L4), up to 7.5% of its memory",
        Part.TITLE_ENCODER: "title encoder on cuda:0 (NVIDIA L4), up to 10% of its memory",
    }


def test_of_three_cards_each_part_has_its_own():
    assert words(THREE) == {
        Part.THUMBNAILS: "thumbnails on cuda:0 (NVIDIA L4), up to 90% of its memory",
        Part.RECOMMENDER: "recommender on cuda:1 (NVIDIA L4), up to 45% of its memory",
        Part.TITLE_ENCODER: "title encoder on cuda:2 (NVIDIA L4), up to 90% of its memory",
    }


def test_of_two_cards_the_second_is_shared():
    told = words(TWO, recommender_workers=1)
    assert told[Part.THUMBNAILS] == "thumbnails on cuda:0 (NVIDIA L4), up to 90% of its memory"
    assert told[Part.RECOMMENDER] == "recommender on cuda:1 (NVIDIA L4), up to 15% of its memory"
    assert told[Part.TITLE_ENCODER] == "title encoder on cuda:1 (NVIDIA L4), up to 10% of its memory"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"diffusion_weights": ""}, "the scene painter needs no card"),
        ({"painter_url": "http://10.0.0.7:3001"}, "another machine paints"),
    ],
)
@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_where_no_model_paints_the_others_have_the_cards(device, settings, reason):
    told = words(TWO, device=device, recommender_workers=1, **settings)
    assert told[Part.THUMBNAILS] == f"thumbnails on the CPU: {reason}"
    assert told[Part.RECOMMENDER] == "recommender on cuda:0 (NVIDIA L4), up to 90% of its memory"
    assert told[Part.TITLE_ENCODER] == "title encoder on cuda:1 (NVIDIA L4), up to 90% of its memory"


def test_a_library_without_cuda_leaves_its_parts_on_the_processor_and_the_card_to_the_others():
    machine = Machine(CARDS[:1], tensorflow_lacks="TensorFlow is installed without CUDA")
    assert words(machine) == {
        Part.THUMBNAILS: "thumbnails on the CPU: TensorFlow is installed without CUDA",
        Part.RECOMMENDER: "recommender on the CPU: TensorFlow is installed without CUDA",
        Part.TITLE_ENCODER: "title encoder on cuda:0 (NVIDIA L4), up to 90% of its memory",
    }


def test_where_a_card_has_to_be_used_a_tensorflow_without_cuda_is_refused_with_what_to_install():
    machine = Machine(CARDS[:1], tensorflow_lacks="TensorFlow is installed without CUDA")
    with pytest.raises(InvalidInput, match=r"recommender cannot use the card: .* Install tensorflow\[and-cuda\]"):
        place(Part.RECOMMENDER, Settings(device="cuda"), machine)


def test_the_title_encoder_does_without_pytorch_where_the_others_have_to_use_the_card():
    machine = Machine(CARDS[:1], torch_lacks="PyTorch is not installed")
    told = words(machine, device="cuda")
    assert told[Part.TITLE_ENCODER] == "title encoder on the CPU: PyTorch is not installed"
    assert told[Part.RECOMMENDER] == "recommender on cuda:0 (NVIDIA L4), up to 7.5% of its memory"


def test_a_model_that_is_better_off_on_the_processor_stays_there():
    placement = place(Part.TITLE_ENCODER, Settings(), ONE, "NumPy is as fast")
    assert (placement.words, placement.device) == ("title encoder on the CPU: NumPy is as fast", "cpu")


def test_a_process_sees_its_own_card_and_no_other():
    environment = {"CUDA_VISIBLE_DEVICES": "0,1,2"}
    claim(place(Part.RECOMMENDER, Settings(**WITH_DIFFUSION), THREE), environment)
    assert environment == {
        "CUDA_VISIBLE_DEVICES": "1",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    }


def test_a_process_on_the_processor_sees_no_card():
    environment = {"CUDA_VISIBLE_DEVICES": "0"}
    claim(place(Part.RECOMMENDER, Settings(device="cpu"), ONE), environment)
    assert environment == {"CUDA_VISIBLE_DEVICES": "-1"}


def test_the_limit_of_a_share_is_told_in_mebibytes():
    assert place(Part.THUMBNAILS, Settings(**WITH_DIFFUSION), ONE).memory_limit_mb == 15_974
    assert Placement(Part.THUMBNAILS).memory_limit_mb == 0


def test_on_the_processor_nothing_is_confined():
    placement = Placement(Part.RECOMMENDER, reason="TensorFlow is installed without CUDA")
    assert confine(placement) is placement
