"""Sampling loops in k-diffusion's variables, so that steps and noise fall as in AUTOMATIC1111.

x = picture + sigma * noise, with sigma falling to 0. DDIM without noise is Euler's method in these variables, only its
steps end at other places (Song et al. 2020, section 4.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError

if TYPE_CHECKING:
    from torch import Tensor

    Denoiser = Callable[[Tensor, Tensor, int], Tensor]
    """(x, sigma, number of the call) -> denoised x."""
    NoiseSource = Callable[[], Tensor]
    """The next noise, shaped like x."""
    Loop = Callable[[Denoiser, Tensor, Tensor, NoiseSource], Tensor]
    """(denoiser, x, sigmas (steps + 1,), noise source) -> x at the last sigma."""

KARRAS_RHO = 7.0


class NoiseLevels:
    """The noise levels a checkpoint was trained on, and steps chosen among them."""

    def __init__(self, alphas_cumprod: Tensor) -> None:
        """Take the cumulative alphas (timesteps,)."""
        self._log_sigmas = ((1 - alphas_cumprod) / alphas_cumprod).log() / 2
        self._last = len(alphas_cumprod) - 1

    def timestep_of(self, sigma: Tensor) -> Tensor:
        """Return the fractional timestep, from 0, whose noise level is *sigma*, interpolated in log sigma."""
        import torch

        log_sigma = sigma.log()
        above = torch.searchsorted(self._log_sigmas, log_sigma).clamp(1, self._last)
        low, high = self._log_sigmas[above - 1], self._log_sigmas[above]
        return above - 1 + ((log_sigma - low) / (high - low)).clamp(0, 1)

    def sigma_of(self, timestep: Tensor) -> Tensor:
        """Return the noise level of a fractional timestep, the inverse of `timestep_of`."""
        below = timestep.floor().long()
        part = timestep - below
        above = (below + 1).clamp(max=self._last)
        return ((1 - part) * self._log_sigmas[below] + part * self._log_sigmas[above]).exp()

    def uniform(self, steps: int) -> Tensor:
        """Steps at equal distances in time: (steps + 1,), ending in 0."""
        import torch

        return _ended(self.sigma_of(torch.linspace(self._last, 0, steps)))

    def sgm_uniform(self, steps: int) -> Tensor:
        """Steps at equal distances in time, the last one stopping short of time 0: (steps + 1,), ending in 0."""
        import torch

        return _ended(self.sigma_of(torch.linspace(self._last, 0, steps + 1)[:-1]))

    def karras(self, steps: int) -> Tensor:
        """Equation 5 of Karras et al. (2022): (steps + 1,), ending in 0."""
        import torch

        least, most = (self._log_sigmas[place].exp() ** (1 / KARRAS_RHO) for place in (0, -1))
        return _ended((most + torch.linspace(0, 1, steps) * (least - most)) ** KARRAS_RHO)

    def exponential(self, steps: int) -> Tensor:
        """Steps at equal distances in log sigma: (steps + 1,), ending in 0."""
        import torch

        return _ended(torch.linspace(float(self._log_sigmas[-1]), float(self._log_sigmas[0]), steps).exp())

    def ddim(self, steps: int) -> Tensor:
        """The host's DDIM steps: every (timesteps // steps)-th timestep plus one, the lowest of them being the end."""
        import torch

        stride = max(1, (self._last + 1) // steps)
        places = torch.arange(0, self._last + 1, stride) + 1
        if len(places) == 1:
            places = torch.tensor([1, self._last])
        return self.sigma_of(places.clamp(max=self._last).flip(0).float())


def _ended(sigmas: Tensor) -> Tensor:
    import torch

    return torch.cat([sigmas, sigmas.new_zeros(1)])


def euler(denoiser: Denoiser, x: Tensor, sigmas: Tensor, next_noise: NoiseSource) -> Tensor:
    """Algorithm 2 of Karras et al. (2022) without churn and without the second-order correction."""
    for step in range(len(sigmas) - 1):
        slope = (x - denoiser(x, sigmas[step], step)) / sigmas[step]
        x = x + slope * (sigmas[step + 1] - sigmas[step])
    return x


def euler_ancestral(denoiser: Denoiser, x: Tensor, sigmas: Tensor, next_noise: NoiseSource) -> Tensor:
    """Euler steps that go further down and come back up with fresh noise (eta 1)."""
    for step in range(len(sigmas) - 1):
        sigma, target = sigmas[step], sigmas[step + 1]
        sigma_up = (target**2 * (sigma**2 - target**2) / sigma**2).sqrt().clamp(max=target)
        sigma_down = (target**2 - sigma_up**2).sqrt()
        slope = (x - denoiser(x, sigma, step)) / sigma
        x = x + slope * (sigma_down - sigma)
        if target > 0:
            x = x + next_noise() * sigma_up
    return x


def dpmpp_2m(denoiser: Denoiser, x: Tensor, sigmas: Tensor, next_noise: NoiseSource) -> Tensor:
    """DPM-Solver++(2M), algorithm 2 of Lu et al. (2022), with lambda = -log sigma."""
    previous, previous_stride = None, None
    for step in range(len(sigmas) - 1):
        sigma, target = sigmas[step], sigmas[step + 1]
        denoised = denoiser(x, sigma, step)
        if target == 0:
            return denoised
        stride = (sigma / target).log()
        estimate = denoised
        if previous is not None and previous_stride is not None:
            estimate = denoised + (denoised - previous) * stride / (2 * previous_stride)
        x = (target / sigma) * x + (1 - target / sigma) * estimate
        previous, previous_stride = denoised, stride
    return x


@dataclass(frozen=True)
class DiffusionSampler:
    """A sampler that a request may name."""

    loop: Loop
    """Runs it."""
    automatic: str
    """The schedule type that "Automatic" stands for."""
    is_variance_preserving: bool = False
    """Whether it starts from noise of variance 1 in x / sqrt(1 + sigma^2), and ends there, as DDIM does."""


SAMPLERS = {
    "Euler": DiffusionSampler(euler, "Uniform"),
    "Euler a": DiffusionSampler(euler_ancestral, "Uniform"),
    "DPM++ 2M": DiffusionSampler(dpmpp_2m, "Karras"),
    "DDIM": DiffusionSampler(euler, "DDIM", is_variance_preserving=True),
}
SCHEDULES: dict[str, Callable[[NoiseLevels, int], Tensor]] = {
    "Uniform": NoiseLevels.uniform,
    "Karras": NoiseLevels.karras,
    "Exponential": NoiseLevels.exponential,
    "SGM Uniform": NoiseLevels.sgm_uniform,
}


def resolve_sampler(sampler_name: str, scheduler: str) -> tuple[DiffusionSampler, str]:
    """Find a sampler and its schedule type by the WebUI's labels, also by those before 1.9 ("DPM++ 2M Karras").

    Raises:
        GeneratorError: one of them is unknown; the message lists the known ones.
    """
    for schedule in SCHEDULES:
        stem = sampler_name[: -len(schedule)].rstrip()
        if sampler_name.lower().endswith(schedule.lower()) and stem:
            sampler_name, scheduler = stem, schedule
    sampler = _named(SAMPLERS, sampler_name)
    if sampler is None:
        known = ", ".join(SAMPLERS)
        raise GeneratorError(f'The sampler "{sampler_name}" is not known here; choose one of: {known}.')
    if sampler.is_variance_preserving or scheduler.lower() in ("automatic", ""):
        return sampler, sampler.automatic
    found = next((label for label in SCHEDULES if label.lower() == scheduler.lower()), None)
    if found is None:
        known = ", ".join(("Automatic", *SCHEDULES))
        raise GeneratorError(f'The schedule type "{scheduler}" is not known here; choose one of: {known}.')
    return sampler, found


def _named(samplers: dict[str, DiffusionSampler], label: str) -> DiffusionSampler | None:
    return next((sampler for name, sampler in samplers.items() if name.lower() == label.lower()), None)


def run_sampler(
    sampler: DiffusionSampler,
    schedule: str,
    levels: NoiseLevels,
    steps: int,
    denoiser: Denoiser,
    next_noise: NoiseSource,
) -> Tensor:
    """Sample clean latents (n, channels, height, width), starting from the first noise that *next_noise* gives."""
    noise = next_noise()
    if sampler.is_variance_preserving:
        sigmas = levels.ddim(steps)
        latents = sampler.loop(denoiser, noise * (1 + sigmas[0] ** 2).sqrt(), sigmas, next_noise)
        return latents / (1 + sigmas[-1] ** 2).sqrt()
    sigmas = SCHEDULES[schedule](levels, steps)
    return sampler.loop(denoiser, noise * sigmas[0], sigmas, next_noise)
