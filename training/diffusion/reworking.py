"""Latents of known pictures as the UNet makes them: to paint well from such is what the decoder must learn.

A latent of the UNet is never exact, and its errors stand in blocks. So each latent gets noise, as in the midst of
sampling (Meng et al., "SDEdit", 2022), and the UNet takes it away again; what comes out is of the same picture in
everything that the noise left to see.
"""

import numpy as np

from aiplayer.diffusion.networks import Networks
from aiplayer.diffusion.samplers import Sampler, Steps, Target, plan, signal_shares
from aiplayer.diffusion.sampling import Sampling
from aiplayer.thumbnail_models import SMALL
from training.diffusion.dataset import Captions

# Of the usual steps, at most so many last ones are done again. DDIM, since each of its steps stands by itself.
MOST_AGAIN = 6
AT_ONCE = 16


def rework(
    networks: Networks, latents: np.ndarray, captions: Captions, seed: int = 0, jit_compile: bool = False
) -> np.ndarray:
    """Let the UNet make latents again, each from 1 to MOST_AGAIN steps before its end.

    Args:
        networks: UNet and text encoder have learned.
        latents: Of pictures, float16 [scenes, height, width, channels].
        captions: Of the scenes.
        seed: Of the noise.
        jit_compile: Compile by XLA.

    Returns:
        float16 [scenes, height, width, channels].
    """
    sampling, random = Sampling(networks, jit_compile), np.random.default_rng(seed)
    steps, shares = plan(Sampler.DDIM, SMALL.steps, Target.VELOCITY), signal_shares(Target.VELOCITY)
    again = np.empty_like(latents)
    for number, start in enumerate(range(0, len(latents), AT_ONCE)):
        batch = latents[start : start + AT_ONCE].astype(np.float32)
        last = slice(-1 - number % MOST_AGAIN, None)
        rest = Steps(steps.timesteps[last], steps.coefficients[last])
        share = shares[rest.timesteps[0]]
        noised = np.sqrt(share) * batch + np.sqrt(1 - share) * random.standard_normal(batch.shape, np.float32)
        prompts = captions.prompts(np.arange(start, start + len(batch)), random)
        said, unsaid = (np.asarray(networks.text_encoder(part), np.float32) for part in (prompts, 0 * prompts))
        guidance = [SMALL.guidance] * len(batch)
        again[start : start + AT_ONCE] = sampling.denoise(rest, noised.astype(np.float32), said, unsaid, guidance)
    return again
