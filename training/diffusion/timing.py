"""What `speed` measures, each in a process of its own: importing this loads neither TensorFlow nor torch."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from aiplayer.thumbnails.diffusion.sizes import Sizes
from training.memory import peak_memory_mib

UNET_FOLDER, INPUTS, REFERENCE = "unet", "inputs.npz", "reference.npy"
WEIGHTS = "diffusion_pytorch_model.safetensors"
TIMESTEP, PEAK_SIDE, PEAK_REPEATS = 981, 2_048, 10


@dataclass(frozen=True)
class Job:
    """What all measurements share.

    Attributes:
        folder: Holds the weights, the inputs and the reference's output.
        sizes: Of the model.
        width_px: Of a picture.
        height_px: Of a picture.
        pictures: In a step, each with a prompt and a negative prompt.
        steps: Timed after the first.
    """

    folder: Path
    sizes: Sizes
    width_px: int
    height_px: int
    pictures: int
    steps: int

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Height, width and channels."""
        pixels = self.sizes.decoder.pixels
        return self.height_px // pixels, self.width_px // pixels, self.sizes.unet.latent_channels


@dataclass(frozen=True)
class Result:
    """One way of computing a step.

    Attributes:
        seconds: The median of a step.
        others: How many cores other processes kept busy meanwhile.
        memory_mib: The most that the process ever had.
        difference: The largest from the reference's output.
    """

    seconds: float
    others: float
    memory_mib: float
    difference: float


@dataclass(frozen=True)
class Machine:
    """Attributes: `device`, `versions` and `threads`, in words; `kind` is "CPU" or "GPU"."""

    kind: str
    device: str
    versions: str
    threads: int
    peaks: dict[str, float] = field(default_factory=dict)


def prepare(job: Job) -> int:
    """Write random weights and inputs into the job's folder; the operations of a step come back.

    Raises:
        InvalidInput: diffusers is not installed.
    """
    import torch

    from training.diffusion import reference

    torch.manual_seed(0)
    model = reference.randomise(reference.build(job.sizes.unet))
    model.save_pretrained(job.folder / UNET_FOLDER, max_shard_size="10GB")
    random, text = np.random.default_rng(0), job.sizes.text
    latents = random.standard_normal((job.pictures, *job.latent_shape), dtype=np.float32)
    context = random.standard_normal((2 * job.pictures, text.tokens, text.width), dtype=np.float32)
    np.savez(job.folder / INPUTS, latents=latents, context=context)
    height, width, _ = job.latent_shape
    return reference.count_operations(job.sizes.unet, 2 * job.pictures, height, width, text.tokens)


def time_theirs(job: Job, precision: str, compiled: bool, channels_last: bool) -> Result:
    """A step of diffusers; the first call keeps its output as the reference."""
    import torch

    from training.diffusion.reference import unet_class

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(cores())
    dtype = getattr(torch, precision)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = unet_class().from_pretrained(job.folder / UNET_FOLDER, torch_dtype=dtype).eval()
    model = model.to(device, memory_format=layout)
    inputs = np.load(job.folder / INPUTS)
    latents = torch.from_numpy(inputs["latents"]).repeat(2, 1, 1, 1).permute(0, 3, 1, 2)
    latents = latents.to(device, dtype, memory_format=layout)
    context = torch.from_numpy(inputs["context"]).to(device, dtype)
    timesteps = torch.full((2 * job.pictures,), TIMESTEP, device=device)
    call = torch.compile(model) if compiled else model

    def step() -> np.ndarray:
        with torch.no_grad():
            return call(latents, timesteps, context).sample.float().cpu().permute(0, 2, 3, 1).numpy()

    return _time(job, step)


def time_ours(job: Job, precision: str, jit_compile: bool) -> Result:
    """A step of ours."""
    import tensorflow as tf

    from aiplayer.thumbnails.diffusion.cpu_kernels import with_cpu_kernels
    from aiplayer.thumbnails.diffusion.files.weights import load_network
    from aiplayer.thumbnails.diffusion.networks import global_precision
    from aiplayer.thumbnails.diffusion.samplers import sinusoids
    from aiplayer.thumbnails.diffusion.unet import build_unet

    with global_precision(precision):
        unet = build_unet(job.sizes.unet)
    load_network(unet, job.folder / UNET_FOLDER / WEIGHTS)
    inputs = np.load(job.folder / INPUTS)
    times = sinusoids(np.array([TIMESTEP]), job.sizes.unet.time_width)
    arrays = [tf.constant(array) for array in (inputs["latents"], times, inputs["context"])]
    call = tf.function(unet if jit_compile else with_cpu_kernels(unet), jit_compile=jit_compile)
    return _time(job, lambda: tf.cast(call(arrays), tf.float32).numpy())


def time_pictures(job: Job, precision: str, jit_compile: bool, count: int) -> tuple[float, float, float]:
    """Seconds to take the noise from `count` pictures one by one, from all together, and to decode one."""
    from aiplayer.thumbnails.diffusion.decoder import build_decoder
    from aiplayer.thumbnails.diffusion.files.weights import load_network
    from aiplayer.thumbnails.diffusion.networks import Networks, global_precision
    from aiplayer.thumbnails.diffusion.samplers import Sampler, plan
    from aiplayer.thumbnails.diffusion.sampling import Sampling
    from aiplayer.thumbnails.diffusion.unet import build_unet

    with global_precision(precision):
        networks = Networks(job.sizes, None, build_unet(job.sizes.unet), build_decoder(job.sizes.decoder))
    load_network(networks.unet, job.folder / UNET_FOLDER / WEIGHTS)
    sampling, steps = Sampling(networks, jit_compile), plan(Sampler.DPM_SOLVER, job.steps)
    noise = sampling.initial_latents(range(count), job.width_px, job.height_px)
    context = np.random.default_rng(0).standard_normal((count, job.sizes.text.tokens, job.sizes.text.width))
    context = context.astype(np.float32)

    def denoise(some: slice) -> np.ndarray:
        known = context[some]
        return sampling.denoise(steps, noise[some], known, -known, [7.5] * len(known)).numpy()

    singles = [slice(number, number + 1) for number in range(count)]
    first = denoise(singles[0])
    denoise(slice(count))
    sampling.paint(first)
    alone = sum(seconds(lambda one=one: denoise(one)) for one in singles)
    return alone, seconds(lambda: denoise(slice(count))), seconds(lambda: sampling.paint(first).numpy())


def our_machine() -> Machine:
    """What TensorFlow computes on, and the most operations a second of its matrix products."""
    import keras
    import tensorflow as tf

    from aiplayer.thumbnails.diffusion.tuning import device

    kind, name = device()
    multiply = tf.function(tf.matmul)
    peaks = {}
    for precision in _peak_precisions(kind):
        square = tf.cast(tf.random.normal((PEAK_SIDE, PEAK_SIDE)), precision)
        peaks[precision] = _peak(lambda square=square: multiply(square, square)[0, 0].numpy())
    return Machine(kind, name, f"TensorFlow {tf.__version__}, Keras {keras.__version__}", cores(), peaks)


def their_machine() -> Machine:
    """The same of torch."""
    import diffusers
    import torch

    torch.set_num_threads(cores())
    gpu = torch.cuda.is_available()
    kind, name = ("GPU", torch.cuda.get_device_name()) if gpu else ("CPU", f"{platform.machine()} CPU")
    peaks = {}
    for precision in _peak_precisions(kind):
        square = torch.randn(PEAK_SIDE, PEAK_SIDE, device="cuda" if gpu else "cpu").to(getattr(torch, precision))
        peaks[precision] = _peak(lambda square=square: torch.mm(square, square)[0, 0].item())
    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}"
    return Machine(kind, name, versions, torch.get_num_threads(), peaks)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _peak_precisions(kind: str) -> tuple[str, ...]:
    return ("float32", "bfloat16") if kind == "CPU" else ("float32", "bfloat16", "float16")


def _peak(multiply: Callable[[], object]) -> float:
    multiply()
    return 2 * PEAK_SIDE**3 / min(seconds(multiply) for _ in range(PEAK_REPEATS))


def _time(job: Job, step: Callable[[], np.ndarray]) -> Result:
    """Time the steps after the first, and compare with the reference, or become it."""
    found = step()
    busy_s, own_s, start = _busy_s(), time.process_time(), time.perf_counter()
    median_s = median(seconds(step) for _ in range(job.steps))
    wall_s, own_s = time.perf_counter() - start, time.process_time() - own_s
    others = max(0.0, _busy_s() - busy_s - own_s) / wall_s
    file = job.folder / REFERENCE
    if not file.exists():
        np.save(file, found)
    return Result(median_s, others, peak_memory_mib(), float(np.abs(found - np.load(file)).max()))


def _busy_s() -> float:
    """Seconds that all cores together have computed since the machine started."""
    user, nice, system, _idle, _waiting, *rest = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")
