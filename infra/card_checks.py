"""What `infra.gpu_check` tries, each in a process of its own, as the runners are: python -m infra.card_checks NAME.

A check prints each finding as a line of JSON. Without a card it tries the same on the processor.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image

from aiplayer.cards import Machine
from aiplayer.devices import Part, settle
from aiplayer.errors import ModelMissing
from aiplayer.settings import PROJECT, Settings
from infra.findings import NO_CARD, Finding, judged, memory, on_the_card, placed, seen

TITLES = ("비 오는 날 카페에서 듣는 재즈", "late night city drive", "90년대 댄스", "workout hiphop", "여름 바다")
PICTURE = PROJECT / "out" / "gpu_check.png"
SONGS = 20
# The most that scores may differ by, as a share of the best one.
SCORE_DIFFERENCE = 1e-3
# The most that a step may differ by from that in float32, as a share of its size (root mean square).
STEP_DIFFERENCES = {"float32": 0.01, "mixed_float16": 0.02, "bfloat16": 0.05}
EMBEDDING_DIFFERENCE = 1e-3


def check_libraries() -> Iterator[Finding]:
    """Whether TensorFlow and PyTorch see the cards."""
    machine = Machine.here()

    import tensorflow as tf

    yield seen(f"TensorFlow {tf.__version__}", len(tf.config.list_physical_devices("GPU")), machine)
    if not machine.cards or machine.torch_lacks:
        yield Finding("PyTorch", "SKIPPED", machine.torch_lacks or NO_CARD)
        return

    import torch

    yield seen(f"PyTorch {torch.__version__}", torch.cuda.device_count(), machine)


def check_title_encoder() -> Iterator[Finding]:
    """Where the pinned title encoder is, and that it embeds titles."""
    from aiplayer.titles.encoder import load_to_serve, why_on_the_processor

    settings = Settings(device="auto")
    folder = model_folder(settings.models.title_encoder)
    needs_none = why_on_the_processor(folder, settings.device)
    placement = settle(Part.TITLE_ENCODER, settings, needs_none)
    yield Finding("title encoder", "ok", placement.words)

    embeddings = load_to_serve(folder, settings.threads, placement.device).embed(list(TITLES))
    lengths = np.linalg.norm(embeddings, axis=1)
    yield judged("embeddings", np.allclose(lengths, 1, atol=1e-4), f"{len(TITLES)} of {embeddings.shape[1]} numbers")


def check_title_encoder_by_torch() -> Iterator[Finding]:
    """The pinned title encoder by PyTorch, on the card where it has CUDA, beside the one that is served on a CPU."""
    from aiplayer.titles.encoder import load, load_to_serve
    from aiplayer.titles.transformer import TiledTransformer

    machine = Machine.here()
    settings = Settings(device="cuda" if machine.cards else "auto")
    if machine.torch_lacks:
        yield Finding("title encoder by PyTorch", "SKIPPED", machine.torch_lacks)
        return

    folder = model_folder(settings.models.title_encoder)
    placement = settle(Part.TITLE_ENCODER, settings)
    by_torch = TiledTransformer(load(folder, placement.device), settings.threads)
    yield on_the_card("title encoder by PyTorch", {by_torch.device}, placement)

    expected = load_to_serve(folder).embed(list(TITLES))
    difference = float(np.abs(by_torch.embed(list(TITLES)) - expected).max())
    words = f"differ by {difference:.1g} at most from those of a CPU"
    yield judged("embeddings by PyTorch", difference <= EMBEDDING_DIFFERENCE, words)


def check_recommender() -> Iterator[Finding]:
    """The pinned recommender on the card, beside itself on the processor."""
    settings = Settings(device="auto")
    placement = settle(Part.RECOMMENDER, settings)
    yield placed(placement)

    from aiplayer.card_table import put_on_card
    from aiplayer.recommender.recommender import Recommender
    from aiplayer.recommender.request import Request
    from aiplayer.titles.encoder import load_to_serve

    folder = model_folder(settings.models.playlist_autoencoder)
    on_card, on_processor = Recommender.load(folder), Recommender.load(folder)
    tables = put_on_card(on_card, "/GPU:0" if placement.card else "/CPU:0")
    yield on_the_card("its tables", {device for table in tables for device in table.devices}, placement)

    embeddings = load_to_serve(model_folder(settings.models.title_encoder)).embed(list(TITLES))
    wishes = [Request(embeddings[n], title=title, song_count=SONGS) for n, title in enumerate(TITLES)]
    answers, expected = on_card.recommend(wishes), on_processor.recommend(wishes)

    equal, difference = 0, 0.0
    for mine, theirs in zip(answers, expected, strict=True):
        equal += [song.song_id for song in mine.new] == [song.song_id for song in theirs.new]
        scores = np.array([[song.score for song in answer.new] for answer in (mine, theirs)])
        difference = max(difference, float(np.abs(scores[0] - scores[1]).max() / scores.max()))
    words = f"{equal} of {len(wishes)} lists of {SONGS} songs are those of a CPU; scores differ by {difference:.1g}"
    yield judged("its answers", equal == len(wishes) and difference <= SCORE_DIFFERENCE, words)

    alone = [on_card.recommend([wish])[0] for wish in wishes]
    yield judged("alone and in a batch", alone == answers, "the same to the last bit" if alone == answers else "differ")
    yield memory("its memory", placement)


def check_step() -> Iterator[Finding]:
    """A step of the small model's UNet by XLA and in half precision, beside float32."""
    placement = settle(Part.THUMBNAILS, _painting())
    yield placed(placement)

    import tensorflow as tf

    from aiplayer.thumbnails.diffusion.files.locations import SHIPPED
    from aiplayer.thumbnails.diffusion.sizes import SMALL
    from aiplayer.thumbnails.diffusion.small import load_small

    random = np.random.default_rng(0)
    shapes = ((1, 10, 18, SMALL.unet.latent_channels), (1, SMALL.unet.time_width), (2, 4, SMALL.unet.context_width))
    inputs = [tf.constant(random.standard_normal(shape, dtype=np.float32)) for shape in shapes]

    def step(precision: str, jit_compile: bool) -> tuple[np.ndarray, set[str]]:
        unet = load_small(SHIPPED, SMALL, precision).unet
        output = tf.function(unet, jit_compile=jit_compile)(inputs)
        devices = {weight.value.device for weight in unet.weights} | {output.device}
        return tf.cast(output, tf.float32).numpy(), devices

    expected, devices = step("float32", jit_compile=False)
    yield on_the_card("a UNet", devices, placement)
    for precision, most in STEP_DIFFERENCES.items():
        # XLA emulates half precision on a CPU.
        jit_compile = precision == "float32" or placement.card is not None
        output, _ = step(precision, jit_compile)
        difference = float(np.sqrt(np.square(output - expected).mean() / np.square(expected).mean()))
        what = f"{precision} by XLA" if jit_compile else precision
        yield judged(what, difference <= most, f"differs by {difference:.1g} of a step; at most {most:g} is allowed")
    yield memory("a UNet's memory", placement)


def check_picture() -> Iterator[Finding]:
    """A whole picture by the small model."""
    settings = _painting()
    placement = settle(Part.THUMBNAILS, settings)
    # One way to compute, for to time all would take most of the minutes.
    on_card = placement.card is not None
    usual = {"diffusion_precision": "bfloat16" if on_card else "float32", "diffusion_jit_compile": on_card}
    settings = settings.model_copy(update=usual)

    from aiplayer.thumbnails.models import thumbnail_model, warm_up
    from aiplayer.thumbnails.request import PictureWish

    model = thumbnail_model(settings)
    began_s = time.perf_counter()
    warm_up(model)
    warm_s = time.perf_counter()
    (picture,) = model.paint([PictureWish("a city at night, in the rain", "", seed=1)])
    painted_s = time.perf_counter()
    if not isinstance(picture, np.ndarray):
        raise picture

    PICTURE.parent.mkdir(exist_ok=True)
    Image.fromarray(picture).save(PICTURE)
    words = f"{painted_s - warm_s:.1f} s, after {warm_s - began_s:.0f} s of warming up: {PICTURE.relative_to(PROJECT)}"
    yield judged("a picture", bool(picture.std() > 1), words)
    yield memory("a picture's memory", placement)


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "libraries": check_libraries,
    "title_encoder": check_title_encoder,
    "title_encoder_by_torch": check_title_encoder_by_torch,
    "recommender": check_recommender,
    "step": check_step,
    "picture": check_picture,
}


def model_folder(tag: str) -> Path:
    """Where the model store holds a version.

    Args:
        tag: `name:version`.

    Raises:
        ModelMissing: nothing is pinned, or the store does not hold it.
    """
    folder = Path(os.environ["BENTOML_HOME"]) / "models" / tag.replace(":", "/")
    if not tag or not folder.is_dir():
        raise ModelMissing(f"The model store has no {tag or 'models'}. Run `make setup`, or set BENTOML_HOME.")
    return folder


def _painting() -> Settings:
    return Settings(device="auto", diffusion_weights="small", diffusion_batch=1, painter_url="")


def main() -> None:
    """Run the command line."""
    for finding in CHECKS[sys.argv[1]]():
        print(json.dumps(asdict(finding)), flush=True)


if __name__ == "__main__":
    main()
