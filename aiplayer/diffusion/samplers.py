"""Samplers as tables of numbers, so that a compiled loop need not know which sampler it runs.

Sources: Song et al., "Denoising Diffusion Implicit Models" (2021), eta 0; Lu et al., "DPM-Solver++" (2022), the
second-order multistep solver, midpoint. Noise follows Stable Diffusion 1.x: betas rise from 0.00085 to 0.012,
evenly in their square roots, over 1,000 timesteps. Timesteps are those of diffusers for Stable Diffusion 1.x
("leading", offset 1).

A latent is `alpha * picture + sigma * noise`, alpha^2 + sigma^2 = 1. Both samplers first estimate the picture from
the latent and the noise that the UNet found, then mix the latent, this estimate and the one of the step before.
"""

from collections.abc import Callable
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


@dataclass(frozen=True)
class Steps:
    """All steps of a sampler, the noisiest first; each array has one number a step.

    With `estimate = estimate_latent * latent + estimate_noise * noise` the next latent is
    `mix_latent * latent + mix_estimate * estimate + mix_before * estimate of the step before`.

    Attributes:
        timesteps: int64.
        coefficients: float32 [steps, 5]: estimate_latent, estimate_noise, mix_latent, mix_estimate, mix_before.
    """

    timesteps: np.ndarray
    coefficients: np.ndarray


def plan(sampler: Sampler, steps: int) -> Steps:
    """The steps of a sampler.

    Args:
        sampler: Which.
        steps: 1 to 100.

    Raises:
        InvalidInput: another number of steps.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise InvalidInput(
            f"{steps} steps were asked for. Use {FEWEST_STEPS} to {MOST_STEPS}; 20 to 50 are usual.", field="steps"
        )
    return PLANS[sampler](steps)


def advance(coefficients, latents, noise, before):
    """One step, on arrays or tensors of one shape.

    Args:
        coefficients: [5], a row of `Steps.coefficients`.
        latents: The latents.
        noise: The noise found in them.
        before: The estimate of the step before; anything in the first step.

    Returns:
        The next latents, and the estimate of this step.
    """
    estimate_latent, estimate_noise, mix_latent, mix_estimate, mix_before = (
        coefficients[i] for i in range(COEFFICIENTS)
    )
    estimate = estimate_latent * latents + estimate_noise * noise
    return mix_latent * latents + mix_estimate * estimate + mix_before * before, estimate


def sinusoids(timesteps: np.ndarray, width: int) -> np.ndarray:
    """float32 [timesteps, width]: what the UNet is told of the time, cosines before sines."""
    rates = np.exp(-np.log(LONGEST_PERIOD) * np.arange(width // 2) / (width // 2))
    angles = np.asarray(timesteps)[:, np.newaxis] * rates
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def _signal_shares() -> np.ndarray:
    """float64 [1,000]: alpha^2 of each timestep."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, TIMESTEPS) ** 2
    return np.cumprod(1 - betas)


def _ddim(steps: int) -> Steps:
    shares = _signal_shares()
    stride = TIMESTEPS // steps
    timesteps = np.arange(steps)[::-1] * stride + OFFSET
    # The last step ends at the least noise of training, not at none.
    later = shares[np.maximum(timesteps - stride, 0)]
    alpha, sigma = np.sqrt(shares[timesteps]), np.sqrt(1 - shares[timesteps])
    keep = np.sqrt(1 - later) / sigma
    return _steps(timesteps, alpha, sigma, keep, np.sqrt(later) - keep * alpha, np.zeros(steps))


def _dpm_solver(steps: int) -> Steps:
    shares = _signal_shares()
    # One timestep more than steps, the last of which is not taken: the last step ends at the picture itself.
    timesteps = np.arange(1, steps + 1)[::-1] * (TIMESTEPS // (steps + 1)) + OFFSET
    alpha, sigma = np.sqrt(shares[timesteps]), np.sqrt(1 - shares[timesteps])
    next_alpha, next_sigma = np.append(alpha[1:], 1.0), np.append(sigma[1:], 0.0)
    shrink = next_sigma / sigma
    move = next_alpha - alpha * shrink
    # Half the slope between two estimates, by the lengths of both steps in log(alpha / sigma); the first step has
    # no estimate before it, and the last, of endless length, none that would help.
    length = np.diff(np.log(alpha / sigma))
    slope = np.zeros(steps)
    slope[1:-1] = length[1:] / length[:-1] / 2
    return _steps(timesteps, alpha, sigma, shrink, move * (1 + slope), -move * slope)


def _steps(timesteps, alpha, sigma, mix_latent, mix_estimate, mix_before) -> Steps:
    columns = [1 / alpha, -sigma / alpha, mix_latent, mix_estimate, mix_before]
    return Steps(timesteps, np.stack(columns, axis=1).astype(np.float32))


PLANS: dict[Sampler, Callable[[int], Steps]] = {Sampler.DDIM: _ddim, Sampler.DPM_SOLVER: _dpm_solver}
