"""Samplers, step by step, against the schedulers of diffusers."""

import numpy as np
import pytest

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.samplers import Sampler, Target, advance, plan, signal_shares, sinusoids
from tests.support.stable_diffusion import PUBLISHED_SCHEDULER

VELOCITY = {
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
    "set_alpha_to_one": True,
    "steps_offset": 0,
}


def scheduler(sampler: Sampler, steps: int, target: Target):
    from diffusers import DDIMScheduler, DPMSolverMultistepScheduler

    schedulers = {Sampler.DDIM: DDIMScheduler, Sampler.DPM_SOLVER: DPMSolverMultistepScheduler}
    changes = VELOCITY if target is Target.VELOCITY else {}
    theirs = schedulers[sampler].from_config(PUBLISHED_SCHEDULER | changes)
    theirs.set_timesteps(steps)
    return theirs


@pytest.mark.heavy
# diffusers 0.42 reads torch's tensors under numpy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:diffusers")
@pytest.mark.parametrize("sampler", Sampler)
@pytest.mark.parametrize("target", Target)
# diffusers rounds steps of VELOCITY that do not divide 1,000.
@pytest.mark.parametrize("steps", [1, 2, 10, 20, 25, 50, 100])
def test_every_step_is_that_of_diffusers(sampler, steps, target):
    import torch

    theirs, ours = scheduler(sampler, steps, target), plan(sampler, steps, target)
    assert ours.timesteps.tolist() == theirs.timesteps.tolist()
    random = np.random.default_rng(steps)
    latents = random.standard_normal((2, 4, 4, 4)).astype(np.float32)
    before, expected = np.zeros_like(latents), torch.from_numpy(latents)
    worst = 0
    for coefficients, timestep in zip(ours.coefficients, theirs.timesteps, strict=True):
        prediction = random.standard_normal(latents.shape).astype(np.float32)
        latents, before = advance(coefficients, latents, prediction, before)
        expected = theirs.step(torch.from_numpy(prediction), timestep, expected).prev_sample
        worst = max(worst, np.abs(latents - expected.numpy()).max())
    # NOISE: 6e-5 at most, of latents up to 42 (random noise leads nowhere). VELOCITY: diffusers keeps a signal of
    # 2^-12 where we have none, so its second step knows the slope a little: 3e-2 at most.
    assert worst < (2e-4 if target is Target.NOISE else 5e-2)


@pytest.mark.parametrize("sampler", Sampler)
def test_a_perfect_guess_of_the_noise_leads_to_the_picture(sampler):
    picture, noise = np.random.default_rng(0).standard_normal((2, 8, 8))
    steps = plan(sampler, 20)
    # alpha and sigma of the first timestep, back from the coefficients of the estimate.
    alpha = 1 / steps.coefficients[0, 0]
    latents, before = alpha * picture + np.sqrt(1 - alpha**2) * noise, 0
    for coefficients in steps.coefficients:
        latents, before = advance(coefficients, latents, noise, before)
    assert np.abs(before - picture).max() < 1e-4


@pytest.mark.parametrize("sampler", Sampler)
def test_a_perfect_guess_of_the_velocity_leads_from_noise_alone_to_the_picture(sampler):
    picture, noise = np.random.default_rng(0).standard_normal((2, 8, 8))
    steps = plan(sampler, 20, Target.VELOCITY)
    alphas = np.sqrt(signal_shares(Target.VELOCITY)[steps.timesteps])
    latents, before = noise, 0
    for alpha, coefficients in zip(alphas, steps.coefficients, strict=True):
        velocity = alpha * noise - np.sqrt(1 - alpha**2) * picture
        latents, before = advance(coefficients, latents, velocity, before)
    assert np.abs(latents - picture).max() < 1e-4


def test_time_is_told_by_cosines_before_sines():
    told = sinusoids(np.array([0, 500]), 4)
    assert told == pytest.approx(np.array([[1, 1, 0, 0], [np.cos(500), np.cos(5), np.sin(500), np.sin(5)]]), abs=1e-6)


@pytest.mark.parametrize("steps", [-1, 0, 101])
def test_steps_out_of_range_are_refused(steps):
    with pytest.raises(InvalidInput) as refused:
        plan(Sampler.DDIM, steps)
    assert refused.value.field == "steps"
    assert refused.value.message == f"{steps} steps were asked for. Use 1 to 100; 20 to 50 are usual."
