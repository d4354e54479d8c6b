"""Samplers as tables of numbers, so that a compiled loop need not know which sampler it runs.

Sources: Song et al., "Denoising Diffusion Implicit Models" (2021), eta 0; Lu et al., "DPM-Solver++" (2022), the
second-order multistep solver, midpoint; Lin et al., "Common Diffusion Noise Schedules and Sample Steps Are Flawed"
(2024), for VELOCITY. Betas rise from 0.00085 to 0.012, evenly in their square roots, over 1,000 timesteps, as in
Stable Diffusion 1.x.

A latent is `alpha * picture + sigma * noise`, alpha^2 + sigma^2 = 1. Both samplers first estimate the picture from
the latent and the UNet's prediction, then mix the latent, this estimate and the estimate of the step before.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from aiplayer.errors import InvalidInput

if TYPE_CHECKING:
    import tensorflow as tf

Array = TypeVar("Array", np.ndarray, "tf.Tensor")

TIMESTEPS = 1_000
FIRST_BETA = 0.00085
LAST_BETA = 0.012
# The "leading" timesteps of diffusers are one later than multiples of the stride.
OFFSET = 1
FEWEST_STEPS = 1
MOST_STEPS = 100
LONGEST_PERIOD = 10_000
COEFFICIENTS = 5


class Sampler(StrEnum):
    """How the noise is taken away."""

    DDIM = "ddim"
    DPM_SOLVER = "dpm-solver++"


class Target(StrEnum):
    """What a UNet was trained to predict from a latent."""

    NOISE = "noise"
    """The noise, as Stable Diffusion 1.x. Timesteps are those of diffusers ("leading", offset 1)."""
    VELOCITY = "velocity"
    """`alpha * noise - sigma * picture`, which tells of the picture even where all is noise: the last timestep has no
    signal, and sampling begins there ("trailing"), so that nights come out dark and snow white."""


@dataclass(frozen=True)
class Steps:
    """All steps of a sampler, the noisiest first; each array has one row a step.

    With `estimate = estimate_latent * latent + estimate_prediction * prediction` the next latent is
    `mix_latent * latent + mix_estimate * estimate + mix_before * estimate of the step before`.

    Attributes:
        timesteps: int64 [steps], 0 to 999.
        coefficients: float32 [steps, 5]: estimate_latent, estimate_prediction, mix_latent, mix_estimate, mix_before.
    """

    timesteps: np.ndarray
    coefficients: np.ndarray


def plan(sampler: Sampler, steps: int, target: Target = Target.NOISE) -> Steps:
    """The steps of a sampler.

    Args:
        sampler: The sampler to use.
        steps: The number of steps, 1 to 100.
        target: What the UNet predicts.

    Raises:
        InvalidInput: the number of steps is out of range.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise InvalidInput(
            f"{steps} steps were asked for. Use {FEWEST_STEPS} to {MOST_STEPS}; 20 to 50 are usual.", field="steps"
        )

    timesteps, next_shares = _timesteps(sampler, steps, target)
    shares = signal_shares(target)[timesteps]
    alpha = np.sqrt(shares)
    sigma = np.sqrt(1 - shares)
    next_alpha = np.sqrt(next_shares)
    next_sigma = np.sqrt(1 - next_shares)

    is_noise = target is Target.NOISE
    estimate_latent = 1 / alpha if is_noise else alpha
    estimate_prediction = -sigma / alpha if is_noise else -sigma
    mix = _mix_by_ddim if sampler is Sampler.DDIM else _mix_by_dpm_solver
    mixing = mix(alpha, sigma, next_alpha, next_sigma)

    columns = [estimate_latent, estimate_prediction, *mixing]
    return Steps(timesteps, np.stack(columns, axis=1).astype(np.float32))


def advance(coefficients: Array, latents: Array, prediction: Array, before: Array) -> tuple[Array, Array]:
    """One step, on arrays or tensors of one shape.

    Args:
        coefficients: A row of `Steps.coefficients`, [5].
        latents: The latents.
        prediction: What the UNet predicts from the latents.
        before: The estimate of the step before; any finite values in the first step.

    Returns:
        The next latents, and the estimate of this step.
    """
    estimate_latent = coefficients[0]
    estimate_prediction = coefficients[1]
    mix_latent = coefficients[2]
    mix_estimate = coefficients[3]
    mix_before = coefficients[4]

    estimate = estimate_latent * latents + estimate_prediction * prediction
    next_latents = mix_latent * latents + mix_estimate * estimate + mix_before * before
    return next_latents, estimate


def sinusoids(timesteps: np.ndarray, width: int) -> np.ndarray:
    """How the UNet is told the time.

    Args:
        timesteps: Whole numbers [timesteps], 0 to 999.
        width: Channels of a timestep, an even number.

    Returns:
        float32 [timesteps, width], cosines before sines.
    """
    frequencies = width // 2
    rates = np.exp(-np.log(LONGEST_PERIOD) * np.arange(frequencies) / frequencies)
    angles = np.asarray(timesteps)[:, np.newaxis] * rates
    waves = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    return waves.astype(np.float32)


def signal_shares(target: Target) -> np.ndarray:
    """The square of alpha at each timestep.

    Args:
        target: What the UNet predicts.

    Returns:
        float64 [1,000], falling; the last is 0 for VELOCITY.
    """
    betas = np.linspace(FIRST_BETA**0.5, LAST_BETA**0.5, TIMESTEPS) ** 2
    shares = np.cumprod(1 - betas)
    if target is Target.NOISE:
        return shares

    # Alphas are stretched so that the last is 0 and the first stays.
    alpha = np.sqrt(shares)
    first = alpha[0]
    last = alpha[-1]
    return ((alpha - last) * first / (first - last)) ** 2


def _timesteps(sampler: Sampler, steps: int, target: Target) -> tuple[np.ndarray, np.ndarray]:
    """Timesteps, the noisiest first, and the signal's share after each step."""
    shares = signal_shares(target)
    if target is Target.VELOCITY:
        spaced = np.linspace(TIMESTEPS, 0, steps, endpoint=False)
        timesteps = np.rint(spaced).astype(int) - 1
        return timesteps, np.append(shares[timesteps[1:]], 1.0)

    if sampler is Sampler.DDIM:
        stride = TIMESTEPS // steps
        timesteps = np.arange(steps)[::-1] * stride + OFFSET
        # The last step ends at the least noise of training, not at none.
        return timesteps, shares[np.maximum(timesteps - stride, 0)]

    # One timestep more than steps, the last of which is not taken: the last step ends at the picture itself.
    stride = TIMESTEPS // (steps + 1)
    timesteps = np.arange(1, steps + 1)[::-1] * stride + OFFSET
    return timesteps, np.append(shares[timesteps[1:]], 1.0)


def _mix_by_ddim(
    alpha: np.ndarray, sigma: np.ndarray, next_alpha: np.ndarray, next_sigma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """mix_latent, mix_estimate and mix_before of each step, float64 [steps], by alpha and sigma before and after it."""
    keep = next_sigma / sigma
    return keep, next_alpha - keep * alpha, np.zeros(len(alpha))


def _mix_by_dpm_solver(
    alpha: np.ndarray, sigma: np.ndarray, next_alpha: np.ndarray, next_sigma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """mix_latent, mix_estimate and mix_before of each step, float64 [steps], by alpha and sigma before and after it."""
    shrink = next_sigma / sigma
    move = next_alpha - alpha * shrink

    # Half the slope between two estimates, by the lengths of both steps in log(alpha / sigma). The first step has no
    # estimate before it, and the last, whose length is infinite, gains nothing from one.
    with np.errstate(divide="ignore"):
        length = np.diff(np.log(alpha / sigma))
    slope = np.zeros(len(alpha))
    slope[1:-1] = length[1:] / length[:-1] / 2
    return shrink, move * (1 + slope), -move * slope
