"""Samplers as tables of numbers, so that a compiled loop need not know which sampler it runs.

Sources: Song et al., "Denoising Diffusion Implicit Models" (2021), eta 0; Lu et al., "DPM-Solver++" (2022), the
second-order multistep solver, midpoint; Lin et al., "Common Diffusion Noise Schedules and Sample Steps Are Flawed"
(2024), for VELOCITY. Betas rise from 0.00085 to 0.012, evenly in their square roots, over 1,000 timesteps, as in
Stable Diffusion 1.x.

A latent is `alpha * picture + sigma * noise`, alpha^2 + sigma^2 = 1. Both samplers first estimate the picture from
the latent and what the UNet found in it, then mix the latent, this estimate and the one of the step before.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from aiplayer.errors import InvalidInput

TIMESTEPS = 1_000
OFFSET = 1
FEWEST_STEPS, MOST_STEPS = 1, 100
LONGEST_PERIOD = 10_000
COEFFICIENTS = 5


class Sampler(StrEnum):
    """What takes the noise away."""

    DDIM = "ddim"
    DPM_SOLVER = "dpm-solver++"


class Target(StrEnum):
    """What a UNet was trained to find in a latent."""

    NOISE = "noise"
    """The noise, as Stable Diffusion 1.x. Timesteps are those of diffusers ("leading", offset 1)."""
    VELOCITY = "velocity"
    """`alpha * noise - sigma * picture`, which tells of the picture even where all is noise: the last timestep has no
    signal, and sampling begins there ("trailing"), so that nights come out dark and snow white."""


@dataclass(frozen=True)
class Steps:
    """All steps of a sampler, the noisiest first; each array has one number a step.

    With `estimate = estimate_latent * latent + estimate_found * found` the next latent is
    `mix_latent * latent + mix_estimate * estimate + mix_before * estimate of the step before`.

    Attributes:
        timesteps: int64.
        coefficients: float32 [steps, 5]: estimate_latent, estimate_found, mix_latent, mix_estimate, mix_before.
    """

    timesteps: np.ndarray
    coefficients: np.ndarray


def plan(sampler: Sampler, steps: int, target: Target = Target.NOISE) -> Steps:
    """The steps of a sampler.

    Args:
        sampler: Which.
        steps: 1 to 100.
        target: Of the UNet.

    Raises:
        InvalidInput: another number of steps.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise InvalidInput(
            f"{steps} steps were asked for. Use {FEWEST_STEPS} to {MOST_STEPS}; 20 to 50 are usual.", field="steps"
        )
    mixing = {Sampler.DDIM: _ddim, Sampler.DPM_SOLVER: _dpm_solver}[sampler]
    timesteps, later_shares = _timesteps(sampler, steps, target)
    shares = signal_shares(target)[timesteps]
    alpha, sigma = np.sqrt(shares), np.sqrt(1 - shares)
    estimating = (1 / alpha, -sigma / alpha) if target is Target.NOISE else (alpha, -sigma)
    columns = [*estimating, *mixing(alpha, sigma, np.sqrt(later_shares), np.sqrt(1 - later_shares))]
    return Steps(timesteps, np.stack(columns, axis=1).astype(np.float32))


def advance(coefficients, latents, found, before):
    """One step, on arrays or tensors of one shape.

    Args:
        coefficients: [5], a row of `Steps.coefficients`.
        latents: The latents.
        found: What the UNet found in them.
        before: The estimate of the step before; anything in the first step.

    Returns:
        The next latents, and the estimate of this step.
    """
    estimate_latent, estimate_found, mix_latent, mix_estimate, mix_before = (
        coefficients[i] for i in range(COEFFICIENTS)
    )
    estimate = estimate_latent * latents + estimate_found * found
    return mix_latent * latents + mix_estimate * estimate + mix_before * before, estimate


def sinusoids(timesteps: np.ndarray, width: int) -> np.ndarray:
    """float32 [timesteps, width]: what the UNet is told of the time, cosines before sines."""
    rates = np.exp(-np.log(LONGEST_PERIOD) * np.arange(width // 2) / (width // 2))
    angles = np.asarray(timesteps)[:, np.newaxis] * rates
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def signal_shares(target: Target) -> np.ndarray:
    """float64 [1,000]: alpha^2 of each timestep; the last is 0 for VELOCITY."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, TIMESTEPS) ** 2
    shares = np.cumprod(1 - betas)
    if target is Target.NOISE:
        return shares
    alpha = np.sqrt(shares)
    return ((alpha - alpha[-1]) * alpha[0] / (alpha[0] - alpha[-1])) ** 2


def _timesteps(sampler: Sampler, steps: int, target: Target) -> tuple[np.ndarray, np.ndarray]:
    """Timesteps, the noisiest first, and the signal's share after each step."""
    shares = signal_shares(target)
    if target is Target.VELOCITY:
        timesteps = np.rint(np.linspace(TIMESTEPS, 0, steps, endpoint=False)).astype(int) - 1
        return timesteps, np.append(shares[timesteps[1:]], 1.0)
    if sampler is Sampler.DDIM:
        stride = TIMESTEPS // steps
        timesteps = np.arange(steps)[::-1] * stride + OFFSET
        # The last step ends at the least noise of training, not at none.
        return timesteps, shares[np.maximum(timesteps - stride, 0)]
    # One timestep more than steps, the last of which is not taken: the last step ends at the picture itself.
    timesteps = np.arange(1, steps + 1)[::-1] * (TIMESTEPS // (steps + 1)) + OFFSET
    return timesteps, np.append(shares[timesteps[1:]], 1.0)


def _ddim(alpha, sigma, next_alpha, next_sigma) -> tuple[np.ndarray, ...]:
    """mix_latent, mix_estimate and mix_before of each step; so in `_dpm_solver`."""
    keep = next_sigma / sigma
    return keep, next_alpha - keep * alpha, np.zeros(len(alpha))


def _dpm_solver(alpha, sigma, next_alpha, next_sigma) -> tuple[np.ndarray, ...]:
    shrink = next_sigma / sigma
    move = next_alpha - alpha * shrink
    # Half the slope between two estimates, by the lengths of both steps in log(alpha / sigma); the first step has
    # no estimate before it, and the last, of endless length, none that would help.
    with np.errstate(divide="ignore"):
        length = np.diff(np.log(alpha / sigma))
    slope = np.zeros(len(alpha))
    slope[1:-1] = length[1:] / length[:-1] / 2
    return shrink, move * (1 + slope), -move * slope
