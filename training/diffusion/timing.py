"""Steps of the UNet, timed each in a process of its own: importing this loads neither TensorFlow nor torch."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from aiplayer.thumbnails.diffusion.sizes import DecoderSizes, Sizes
from training.diffusion.machines import cores, seconds
from training.memory import peak_memory_mib

if TYPE_CHECKING:
    from aiplayer.thumbnails.diffusion.sampling import Sampling

UNET_FOLDER = "unet"
INPUTS_FILE = "inputs.npz"
REFERENCE_FILE = "reference.npy"
WEIGHTS_FILE = "diffusion_pytorch_model.safetensors"
ONE_SHARD = "10GB"
TIMESTEP = 981
GUIDANCE = 7.5


@dataclass(frozen=True)
class Job:
    """What all measurements share.

    Attributes:
        folder: Holds the weights, the inputs and the reference's output.
        sizes: The sizes of the model's networks.
        width_px: The width of a picture.
        height_px: The height of a picture.
        pictures: How many pictures a step computes, each with a prompt and a negative prompt.
        steps: How many steps are timed after the first.
    """

    folder: Path
    sizes: Sizes
    width_px: int
    height_px: int
    pictures: int
    steps: int

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of a latent."""
        pixels = self.sizes.decoder.pixels
        return self.height_px // pixels, self.width_px // pixels, self.sizes.unet.latent_channels


@dataclass(frozen=True)
class Result:
    """How one way of computing a step did.

    Attributes:
        seconds: The median time of a step.
        others: How many cores other processes kept busy meanwhile.
        memory_mib: The most memory that the process ever had.
        difference: The largest difference from the reference's output.
    """

    seconds: float
    others: float
    memory_mib: float
    difference: float


class PictureSeconds(NamedTuple):
    """How long several pictures take.

    Attributes:
        alone: Seconds to take the noise from all of them, one by one.
        together: Seconds to take the noise from all of them at once.
        decoding: Seconds to decode one latent to a picture.
    """

    alone: float
    together: float
    decoding: float


def prepare(job: Job) -> int:
    """Write random weights and inputs into the job's folder.

    Returns:
        The floating point operations of a step.

    Raises:
        InvalidInput: diffusers is not installed.
    """
    import torch

    from training.diffusion import reference

    torch.manual_seed(0)
    model = reference.randomise(reference.build(job.sizes.unet))
    model.save_pretrained(job.folder / UNET_FOLDER, max_shard_size=ONE_SHARD)

    random = np.random.default_rng(0)
    text = job.sizes.text
    prompts = 2 * job.pictures
    latents = random.standard_normal((job.pictures, *job.latent_shape), dtype=np.float32)
    context = random.standard_normal((prompts, text.tokens, text.width), dtype=np.float32)
    np.savez(job.folder / INPUTS_FILE, latents=latents, context=context)

    height, width, _ = job.latent_shape
    return reference.count_operations(job.sizes.unet, prompts, height, width, text.tokens)


def time_theirs(job: Job, precision: str, compiled: bool, channels_last: bool) -> Result:
    """Time a step of diffusers; the first call keeps its output as the reference.

    Args:
        job: What to time.
        precision: The name of a torch type.
        compiled: Whether torch compiles the model.
        channels_last: Whether channels are the last axis in memory.
    """
    import torch

    from training.diffusion.reference import unet_class

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = getattr(torch, precision)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    torch.set_num_threads(cores())
    model = unet_class().from_pretrained(job.folder / UNET_FOLDER, torch_dtype=dtype).eval()
    model = model.to(device, memory_format=layout)
    call = torch.compile(model) if compiled else model

    # Every latent is there twice, for its prompt and its negative prompt; torch wants channels before height and width.
    inputs = np.load(job.folder / INPUTS_FILE)
    latents = torch.from_numpy(inputs["latents"]).repeat(2, 1, 1, 1).permute(0, 3, 1, 2)
    latents = latents.to(device, dtype, memory_format=layout)
    context = torch.from_numpy(inputs["context"]).to(device, dtype)
    timesteps = torch.full((2 * job.pictures,), TIMESTEP, device=device)

    def step() -> np.ndarray:
        with torch.no_grad():
            output = call(latents, timesteps, context).sample.float().cpu()
        return output.permute(0, 2, 3, 1).numpy()

    return _time(job, step)


def time_ours(job: Job, precision: str, jit_compile: bool) -> Result:
    """Time a step of ours.

    Args:
        job: What to time.
        precision: The name of a Keras dtype policy.
        jit_compile: Whether XLA compiles the UNet.
    """
    import tensorflow as tf

    from aiplayer.thumbnails.diffusion.cpu_kernels import with_cpu_kernels
    from aiplayer.thumbnails.diffusion.files.weights import load_network
    from aiplayer.thumbnails.diffusion.networks import global_precision
    from aiplayer.thumbnails.diffusion.samplers import sinusoids
    from aiplayer.thumbnails.diffusion.unet import build_unet

    with global_precision(precision):
        unet = build_unet(job.sizes.unet)
    load_network(unet, job.folder / UNET_FOLDER / WEIGHTS_FILE)
    call = tf.function(unet if jit_compile else with_cpu_kernels(unet), jit_compile=jit_compile)

    inputs = np.load(job.folder / INPUTS_FILE)
    time_embedding = sinusoids(np.array([TIMESTEP]), job.sizes.unet.time_width)
    tensors = [tf.constant(array) for array in (inputs["latents"], time_embedding, inputs["context"])]

    def step() -> np.ndarray:
        return tf.cast(call(tensors), tf.float32).numpy()

    return _time(job, step)


def time_pictures(job: Job, precision: str, jit_compile: bool, count: int) -> PictureSeconds:
    """Time whole pictures of ours, one by one and together.

    Args:
        job: What to time.
        precision: The name of a Keras dtype policy.
        jit_compile: Whether XLA compiles the networks.
        count: How many pictures.
    """
    from aiplayer.thumbnails.diffusion.samplers import Sampler, plan

    sampling = _sampling(job, precision, jit_compile)
    steps = plan(Sampler.DPM_SOLVER, job.steps)

    noise = sampling.initial_latents(range(count), job.width_px, job.height_px)
    text = job.sizes.text
    context = np.random.default_rng(0).standard_normal((count, text.tokens, text.width))
    context = context.astype(np.float32)

    def denoise(some: slice) -> np.ndarray:
        prompts = context[some]
        guidance = [GUIDANCE] * len(prompts)
        return sampling.denoise(steps, noise[some], prompts, -prompts, guidance).numpy()

    every = slice(count)
    singles = [slice(number, number + 1) for number in range(count)]

    # The first call with each shape is slow, because it traces.
    first = denoise(singles[0])
    denoise(every)
    sampling.paint(first)

    alone_s = sum(seconds(partial(denoise, single)) for single in singles)
    together_s = seconds(lambda: denoise(every))
    decoding_s = seconds(lambda: sampling.paint(first).numpy())
    return PictureSeconds(alone_s, together_s, decoding_s)


def _sampling(job: Job, precision: str, jit_compile: bool) -> "Sampling":
    """Sampling with the job's UNet, and a decoder with random weights."""
    from aiplayer.thumbnails.diffusion.decoder import build_decoder
    from aiplayer.thumbnails.diffusion.files.weights import load_network
    from aiplayer.thumbnails.diffusion.networks import Networks, global_precision
    from aiplayer.thumbnails.diffusion.sampling import Sampling
    from aiplayer.thumbnails.diffusion.unet import build_unet

    # Only models in the layout of Stable Diffusion 1.x are timed.
    decoder_sizes = cast(DecoderSizes, job.sizes.decoder)
    with global_precision(precision):
        networks = Networks(job.sizes, None, build_unet(job.sizes.unet), build_decoder(decoder_sizes))
    load_network(networks.unet, job.folder / UNET_FOLDER / WEIGHTS_FILE)
    return Sampling(networks, jit_compile)


def _time(job: Job, step: Callable[[], np.ndarray]) -> Result:
    """Time the steps after the first, and compare with the reference, or become it."""
    output = step()
    all_busy_before_s = _busy_s()
    own_before_s = time.process_time()
    start_s = time.perf_counter()

    median_s = median(seconds(step) for _ in range(job.steps))

    wall_s = time.perf_counter() - start_s
    own_s = time.process_time() - own_before_s
    others_s = max(0.0, _busy_s() - all_busy_before_s - own_s)

    file = job.folder / REFERENCE_FILE
    if not file.exists():
        np.save(file, output)
    difference = np.abs(output - np.load(file)).max()
    return Result(median_s, others_s / wall_s, peak_memory_mib(), float(difference))


def _busy_s() -> float:
    """Seconds that all cores together have computed since the machine started."""
    # The first line of /proc/stat is "cpu" and ticks: user, nice, system, idle, waiting for disks, and others.
    fields = Path("/proc/stat").read_text().split()[1:9]
    user, nice, system, _idle, _waiting, *others = [int(ticks) for ticks in fields]
    busy_ticks = user + nice + system + sum(others)
    return busy_ticks / os.sysconf("SC_CLK_TCK")
