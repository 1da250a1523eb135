"""Sampling loops and noise levels."""

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.checkpoint import alphas_of
from counterprompt.generation.sampling import SAMPLERS, SCHEDULES, NoiseLevels, resolve_sampler, run_sampler

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def levels():
    return NoiseLevels(alphas_of(0.00085, 0.012, 1000, is_scaled=True))


def noise_from(seed):
    generator = torch.Generator().manual_seed(seed)
    return lambda: torch.randn(1, 4, 2, 2, generator=generator)


def test_timestep_and_noise_level_are_inverse(levels):
    """A fractional timestep comes back from its noise level."""
    timesteps = torch.tensor([0.0, 0.25, 500.5, 998.9, 999.0])

    assert torch.allclose(timesteps, levels.timestep_of(levels.sigma_of(timesteps)), atol=2e-2)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules_fall_from_the_most_noise_to_none(levels, schedule):
    """Every schedule starts at SD 1.x's 14.61 and falls to 0 in the steps asked for."""
    sigmas = SCHEDULES[schedule](levels, 10)

    assert 11 == len(sigmas)
    assert abs(14.6146 - float(sigmas[0])) < 1e-3
    assert float(sigmas[-1]) == 0.0
    assert bool((sigmas.diff() < 0).all())


def test_ddim_steps_are_the_hosts(levels):
    """Ten DDIM steps visit the timesteps 901, 801, ... and end at 1."""
    timesteps = levels.timestep_of(levels.ddim(10))

    assert [901, 801, 701, 601, 501, 401, 301, 201, 101, 1] == [round(float(value)) for value in timesteps]


@pytest.mark.parametrize("sampler_name", SAMPLERS)
def test_samplers_arrive_at_a_certain_picture(levels, sampler_name):
    """Where the denoiser knows the picture, every sampler ends there (DDIM with the noise of timestep 1 left)."""
    picture = torch.full((1, 4, 2, 2), 0.7)
    sampler, schedule = resolve_sampler(sampler_name, "Automatic")

    latents = run_sampler(sampler, schedule, levels, 10, lambda x, sigma, call: picture, noise_from(1))

    assert torch.allclose(picture, latents, atol=0.2 if sampler.is_variance_preserving else 1e-5)


@pytest.mark.parametrize(("sampler_name", "most"), [("Euler", 0.08), ("DPM++ 2M", 0.02)])
def test_samplers_follow_the_exact_solution(levels, sampler_name, most):
    """For pictures that are normally distributed the flow has a closed form; more order means less error."""
    spread = 0.8
    sampler, schedule = resolve_sampler(sampler_name, "Karras")
    sigma = levels.karras(1)[0]
    noise = noise_from(5)()
    exact = noise * sigma * spread / (spread**2 + sigma**2).sqrt()

    latents = run_sampler(
        sampler, schedule, levels, 20, lambda x, sigma, call: x * spread**2 / (spread**2 + sigma**2), noise_from(5)
    )

    assert float(((latents - exact) / exact).abs().max()) < most


@pytest.mark.parametrize(
    ("label", "schedule", "expected"),
    [
        ("Euler a", "Automatic", "Uniform"),
        ("DPM++ 2M", "Automatic", "Karras"),
        ("DPM++ 2M Karras", "Automatic", "Karras"),
        ("Euler Exponential", "", "Exponential"),
        ("euler", "karras", "Karras"),
        ("DDIM", "Karras", "DDIM"),
    ],
)
def test_labels_find_sampler_and_schedule(label, schedule, expected):
    """Labels of today and of before 1.9 find a sampler and its schedule."""
    assert expected == resolve_sampler(label, schedule)[1]


@pytest.mark.parametrize(("label", "schedule", "known"), [("UniPC", "Automatic", "DPM"), ("Euler", "Beta", "Karras")])
def test_unknown_labels_are_refused_with_the_known_ones(label, schedule, known):
    """A sampler or schedule that is not served is refused with a list of those that are."""
    with pytest.raises(GeneratorError, match=known):
        resolve_sampler(label, schedule)
