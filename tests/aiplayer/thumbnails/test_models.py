"""Both models by their settings: the painter, and miniature diffusion models."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.file_records import sha256_of
from aiplayer.settings import Settings
from aiplayer.thumbnails.diffusion import sizes, small
from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV
from aiplayer.thumbnails.diffusion.files.hashes import KERAS_CV_HASHES
from aiplayer.thumbnails.diffusion.files.weights import load_weights
from aiplayer.thumbnails.diffusion.networks import build_networks
from aiplayer.thumbnails.diffusion.sizes import PatchSizes, PhraseSizes, Sizes, UNetSizes
from aiplayer.thumbnails.models import PAINTER, ThumbnailModel, paint_all, thumbnail_model, warm_up
from aiplayer.thumbnails.progress import Progress, Stopped
from aiplayer.thumbnails.request import PictureWish
from tests.support.stable_diffusion import TINY, publish_keras_cv
from tests.support.tensorflow import step_by_step

pytestmark = pytest.mark.heavy

SMALL = {"thumbnail_width_px": 320, "thumbnail_height_px": 180}
MINIATURE = SMALL | {
    "diffusion_width_px": 256,
    "diffusion_height_px": 128,
    "diffusion_steps": 2,
    "diffusion_precision": "float32",
    "diffusion_jit_compile": False,
}

# The smallest picture, in one step: for tests of what is no matter of pictures.
LEAST = MINIATURE | {"diffusion_width_px": 128, "diffusion_height_px": 128, "diffusion_steps": 1}

FOUR_PICTURES = """
import json
import sys
from pathlib import Path
from aiplayer.settings import Settings
from aiplayer.thumbnails.models import PictureWish, thumbnail_model

model = thumbnail_model(Settings(diffusion_weights="small", diffusion_steps=10, diffusion_jit_compile=False))
asked = [f"a city {hour}" for hour in ("by day", "at night", "한낮에", "밤에")]
pictures = model.paint([PictureWish(prompt=prompt, negative_prompt="", seed=1) for prompt in asked])
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
kibibytes = int(status["RssAnon"].split()[0])
shades = [float(picture.mean()) for picture in pictures]
print(json.dumps({"kibibytes": kibibytes, "has_torch": "torch" in sys.modules, "shades": shades}))
"""


def wishes(*seeds: int) -> list[PictureWish]:
    return [PictureWish(prompt="a city at night", negative_prompt="rain", seed=seed) for seed in seeds]


def paint(model: ThumbnailModel, wishes: list[PictureWish]) -> np.ndarray:
    """uint8 [wishes, height, width, 3]."""
    with step_by_step():
        return np.stack(model.paint(wishes))


@pytest.fixture(scope="module")
def diffusion(published):
    return thumbnail_model(Settings(**MINIATURE, diffusion_weights=str(published.folder)))


def test_without_weights_the_painter_paints():
    model = thumbnail_model(Settings(**SMALL))
    assert model.facts == {"model": PAINTER}
    assert model.cut("city " * 200) == ""
    assert paint(model, wishes(1, 2)).shape == (2, 180, 320, 3)


def test_a_wish_that_cannot_be_painted_keeps_no_other_from_being_painted():
    everything = "night, day, dawn, morning, sunset"
    impossible = PictureWish(prompt="a city", negative_prompt=everything, seed=1)
    (possible,) = wishes(1)
    painted, refused = paint_all(thumbnail_model(Settings(**SMALL)), [possible, impossible])
    assert painted.picture.shape == (180, 320, 3)
    assert painted.facts.keys() == {"prompt", "negative_prompt", "model", "scene"}
    assert (refused.code, refused.field) == ("nothing_left_to_paint", "negative_prompt")


def test_the_painter_tells_the_scene_and_what_of_it_was_named():
    wish = PictureWish("a cafe window at night in the rain, with umbrella", "cat", 1, named={"place": "cafe"})
    (painted,) = paint_all(thumbnail_model(Settings(**SMALL)), [wish])
    scene = json.loads(painted.facts["scene"])
    assert scene.keys() == {"place", "hour", "weather", "season", "elements", "named"}
    assert (scene["place"], scene["hour"], scene["weather"]) == ("cafe", "night", "rain")
    assert "umbrella" in scene["elements"]
    assert scene["named"] == {"place": "cafe"}


def test_a_fault_of_the_painter_in_one_scene_costs_no_other_picture(monkeypatch):
    def paint_no_seed_of_two(scene, seed, **size):
        if seed == 2:
            raise ValueError("an empty outline")
        return np.zeros((180, 320, 3), np.uint8)

    monkeypatch.setattr("aiplayer.thumbnails.painting.paint", paint_no_seed_of_two)
    first, failed, last = paint_all(thumbnail_model(Settings(**SMALL)), wishes(1, 2, 3))
    assert first.picture is not None
    assert last.picture is not None
    assert (failed.code, failed.message) == ("not_painted", "The painter could not paint this scene. Try another seed.")


def test_the_painter_tells_its_progress_by_picture_and_stops_where_nobody_waits():
    shares = []

    class Noted(Progress):
        def tell(self, share):
            super().tell(share)
            shares.append(share)
            if share == 0.5:
                self.stop()

    model = thumbnail_model(Settings(**SMALL))
    with pytest.raises(Stopped):
        paint_all(model, wishes(1, 2, 3, 4), Noted())
    assert shares == [0, 0.25, 0.5]


def test_diffusion_tells_its_progress_by_step_over_all_its_batches(published):
    one_at_once = LEAST | {"diffusion_batch": 1, "diffusion_steps": 2}
    model = thumbnail_model(Settings(**one_at_once, diffusion_weights=str(published.folder)))
    shares = []

    class Noted(Progress):
        def tell(self, share):
            super().tell(share)
            shares.append(share)

    with step_by_step():
        watched = model.paint(wishes(1, 2), Noted())
        unwatched = model.paint(wishes(1, 2))
    assert shares == pytest.approx([0, 0.25, 0.5, 0.5, 0.75, 1])
    assert (np.stack(watched) == np.stack(unwatched)).all()


def test_diffusion_stops_at_the_next_step_where_nobody_waits_and_paints_again(published, diffusion):
    class Impatient(Progress):
        def tell(self, share):
            super().tell(share)
            if share > 0:
                self.stop()

    progress = Impatient()
    with step_by_step(), pytest.raises(Stopped):
        diffusion.paint(wishes(1), progress)
    # The first of two steps.
    assert progress.share == 0.5
    assert paint(diffusion, wishes(1)).shape == (1, 180, 320, 3)


def test_diffusion_paints_the_size_of_the_settings(diffusion):
    pictures = np.stack(diffusion.paint(wishes(1, 2, 3)))
    assert (pictures.shape, pictures.dtype) == ((3, 180, 320, 3), np.uint8)
    assert (pictures[0] != pictures[1]).any()
    # The other tests paint step by step, and that is the same picture.
    assert np.abs(paint(diffusion, wishes(1))[0].astype(int) - pictures[0]).max() <= 1


def test_a_seed_paints_the_same_alone_and_in_a_batch_of_any_size(published, diffusion):
    two_at_once = thumbnail_model(Settings(**MINIATURE, diffusion_weights=str(published.folder), diffusion_batch=2))
    alone = paint(diffusion, wishes(3)).astype(int)
    for model in (diffusion, two_at_once):
        assert np.abs(paint(model, wishes(1, 2, 3))[-1:] - alone).max() <= 1


class Recorder:
    """In place of a latent diffusion model: notes the sizes of batches."""

    def __init__(self) -> None:
        self.warmed: set[int] = set()
        self.served: set[int] = set()

    def warm_up(self, wishes, **options) -> float:
        self.warmed.add(len(wishes))
        return 1.0

    def compute(self, wishes, **options) -> np.ndarray:
        self.served.add(len(wishes))
        return np.zeros((len(wishes), 128, 128, 3), np.float32)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("most_at_once", [1, 3, 8])
@pytest.mark.parametrize("kind", ["CPU", "GPU"])
def test_what_is_compiled_by_size_is_warmed_up_for_every_size_that_is_served(
    published, monkeypatch, kind, most_at_once, jit_compile
):
    monkeypatch.setattr("aiplayer.thumbnails.diffusion.tuning.device", lambda: (kind, "of a test"))
    settings = LEAST | {"diffusion_batch": most_at_once, "diffusion_jit_compile": jit_compile}
    model = thumbnail_model(Settings(**settings, diffusion_weights=str(published.folder)))
    model._model = recorder = Recorder()
    model.warm_up(lambda words: None)
    for count in range(1, 9):
        model.paint(wishes(*range(count)))
    # On a CPU without XLA one size serves all.
    assert recorder.served <= recorder.warmed or (kind, jit_compile) == ("CPU", False)
    assert 1 in recorder.warmed


def published_with(published, tmp_path, tensor: str, value: float):
    """A copy of the published folder in which one tensor of the decoder is of a single value."""
    folder = shutil.copytree(published.folder, tmp_path / "model")
    file = folder / "vae/diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    tensors[tensor][:] = value
    save_file(tensors, file)
    return folder


def test_weights_that_compute_no_picture_are_an_error_and_never_black(published, tmp_path):
    folder = published_with(published, tmp_path, "decoder.conv_out.bias", np.nan)
    model = thumbnail_model(Settings(**LEAST, diffusion_weights=str(folder)))
    with step_by_step():
        painted = paint_all(model, wishes(1, 2))
    for refusal in painted:
        assert (refusal.code, refusal.status) == ("not_painted", 500)
        assert "computed no picture: its numbers are not finite" in refusal.message
        assert "AIPLAYER_DIFFUSION_PRECISION=float32" in refusal.message
    # So the runner does not start with them.
    with step_by_step(), pytest.raises(ModelMissing, match="computed no picture: its numbers are not finite"):
        warm_up(model)


def test_where_half_precision_computes_no_picture_float32_does(published, tmp_path, caplog):
    # Greater than any number in half precision.
    folder = published_with(published, tmp_path, "decoder.conv_out.bias", 1e5)
    settings = LEAST | {"diffusion_precision": "mixed_float16"}
    model = thumbnail_model(Settings(**settings, diffusion_weights=str(folder)))
    assert model.facts["precision"] == "mixed_float16"
    with step_by_step():
        (painted,) = paint_all(model, wishes(1))
    assert painted.picture.min() == 255
    assert painted.facts["precision"] == "float32"
    (line,) = caplog.messages
    assert line == (
        "model computes no picture in mixed_float16, so it paints in float32 from now on; "
        "AIPLAYER_DIFFUSION_PRECISION=float32 makes it start so"
    )


def test_what_the_operator_asks_for_is_never_cut(published):
    model = thumbnail_model(Settings(**LEAST, diffusion_weights=str(published.folder), thumbnail_details="by night"))
    wish = PictureWish("rain, " + "city " * 80 + ", by night", "rain, " + "by " * 80, 1)
    with step_by_step():
        (painted,) = paint_all(model, [wish])
    assert set(painted.facts["prompt_cut"].split()) == {"city"}
    assert set(painted.facts["negative_prompt_cut"].split()) == {"by"}


def test_diffusion_says_how_it_paints(published, diffusion):
    assert diffusion.facts == {
        "model": published.folder.name,
        "sampler": "dpm-solver++",
        "steps": "2",
        "guidance": "7.5",
        "precision": "float32",
        "brushwork": "false",
    }
    assert diffusion.cut("city " * 80).split() == ["city"] * 5


@pytest.mark.parametrize(("field", "length"), [("diffusion_width_px", 200), ("diffusion_height_px", 130)])
def test_a_size_that_the_model_cannot_paint_is_refused(published, field, length):
    settings = Settings(**MINIATURE | {field: length}, diffusion_weights=str(published.folder))
    with pytest.raises(InvalidInput, match=f"{field} is {length}. Use a multiple of 32, at least 64"):
        thumbnail_model(settings)


@pytest.fixture
def small_file(tmp_path, monkeypatch):
    """The file of a small model in miniature, with random weights."""
    tiny = Sizes(
        PhraseSizes(width=32),
        UNetSizes(channels=(32,), attends=(False,), blocks=1, heads=2, context_width=32),
        PatchSizes(latent_channels=4, pixels=4),
    )
    monkeypatch.setattr(sizes, "SMALL", tiny)
    small.save_small(build_networks(tiny), tmp_path / "small.safetensors")
    return tmp_path / "small.safetensors"


def test_a_file_of_the_small_model_paints(small_file):
    tiny = SMALL | {"diffusion_precision": "float32", "diffusion_jit_compile": False, "diffusion_steps": 1}
    settings = Settings(**tiny, diffusion_width_px=64, diffusion_height_px=64, diffusion_weights=str(small_file))
    model = thumbnail_model(settings)
    assert paint(model, wishes(1)).shape == (1, 180, 320, 3)
    assert model.facts["model"] == "small.safetensors"
    assert model.facts["guidance"] == "4"
    assert model.cut("a, b, c, d, e, f, g, h, i, j, k, l, m, n") == "m, n"
    people = [PictureWish(prompt="a city at night", negative_prompt=settings.thumbnail_negative_prompt, seed=1)]
    nothing = [PictureWish(prompt="a city at night", negative_prompt="", seed=1)]
    assert (paint(model, people) == paint(model, nothing)).all()


@pytest.mark.process
def test_the_model_of_the_project_paints_what_is_asked_for_in_less_than_a_gibibyte():
    """Of its own, that is: what it maps of libraries' files can be dropped and read again."""
    ended = subprocess.run([sys.executable, "-c", FOUR_PICTURES], check=True, capture_output=True, text=True)
    painted = json.loads(ended.stdout)
    day, night, day_in_korean, night_in_korean = painted["shades"]
    assert day > night + 50
    assert day_in_korean > night_in_korean + 50
    assert painted["kibibytes"] < 900 * 1024
    assert not painted["has_torch"]


def test_brush_strokes_can_be_left_out(small_file):
    tiny = SMALL | {"diffusion_precision": "float32", "diffusion_jit_compile": False, "diffusion_steps": 1}
    tiny |= {"diffusion_width_px": 64, "diffusion_height_px": 64, "diffusion_weights": str(small_file)}
    models = [thumbnail_model(Settings(**tiny, diffusion_brushwork=choice)) for choice in (None, True, False)]
    assert [model.facts["brushwork"] for model in models] == ["true", "true", "false"]
    usual, with_strokes, without = (paint(model, wishes(1)) for model in models)
    assert (usual == with_strokes).all()
    assert (usual != without).any()


def test_a_file_of_another_small_model_is_refused(small_file, monkeypatch):
    monkeypatch.setattr(sizes, "SMALL", replace(sizes.SMALL, decoder=PatchSizes(latent_channels=4, pixels=8)))
    settings = Settings(**MINIATURE, diffusion_weights=str(small_file))
    with pytest.raises(ModelMissing, match=r"small\.safetensors are of another model"):
        thumbnail_model(settings)
    small_file.write_bytes(b"?")
    with pytest.raises(ModelMissing, match=r"small\.safetensors cannot be read"):
        thumbnail_model(settings)
    (small_file.parent / "sha256.json").write_text(json.dumps({"another": "1", "small.safetensors": "2"}))
    with pytest.raises(ModelMissing, match=r"small\.safetensors are not the expected ones: sha256 2 was expected"):
        thumbnail_model(settings)


def test_weights_that_are_not_there_are_named(tmp_path):
    with pytest.raises(ModelMissing, match=r"nothing/text_encoder/config\.json cannot be read"):
        thumbnail_model(Settings(**MINIATURE, diffusion_weights=str(tmp_path / "nothing")))


def test_files_of_keras_cv_paint_as_the_diffusers_layout_does(published, diffusion, tmp_path):
    folder = tmp_path / "keras-cv"
    shutil.copytree(published.folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    networks = build_networks(TINY)
    load_weights(networks, published.folder)
    publish_keras_cv(networks, folder)
    settings = Settings(**MINIATURE, diffusion_weights=str(folder))
    with pytest.raises(ModelMissing, match=rf"kcv_encoder\.h5 are .*: sha256 {KERAS_CV_HASHES['kcv_encoder.h5']} was"):
        thumbnail_model(settings)
    (folder / "sha256.json").write_text(json.dumps({name: sha256_of(folder / name) for name in KERAS_CV.values()}))
    assert (paint(thumbnail_model(settings), wishes(1)) == paint(diffusion, wishes(1))).all()


def test_a_damaged_file_is_refused_with_both_hashes(published, tmp_path):
    folder = shutil.copytree(published.folder, tmp_path / "model")
    expected = sha256_of(folder / "vae/config.json")
    (folder / "sha256.json").write_text(json.dumps({"vae/config.json": expected}))
    with (folder / "vae/config.json").open("a") as file:
        file.write("\n")
    with pytest.raises(ModelMissing, match=rf"vae/config\.json are not the expected ones: sha256 {expected} was"):
        thumbnail_model(Settings(**MINIATURE, diffusion_weights=str(folder)))
