"""Generations: what is asked for, and what comes of it."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from modules import infotext_utils, paths, sd_samplers_common, shared

_NETWORK = re.compile(r"<lora:([^>]+)>")


@dataclass(repr=False)
class StableDiffusionProcessing:
    """What is asked for."""

    sd_model: object = None
    prompt: Any = ""
    negative_prompt: Any = ""
    styles: list = None
    seed: Any = -1
    subseed: Any = -1
    subseed_strength: float = 0
    sampler_name: str = None
    scheduler: str = None
    batch_size: int = 1
    n_iter: int = 1
    steps: int = 50
    cfg_scale: float = 7.0
    width: int = 512
    height: int = 512
    do_not_save_samples: bool = False
    do_not_save_grid: bool = False
    s_min_uncond: float = None
    extra_generation_params: dict = None
    override_settings: dict = None

    scripts_value: Any = field(default=None, init=False)
    script_args_value: Any = field(default=None, init=False)
    scripts_setup_complete: bool = field(default=False, init=False)
    is_api: bool = field(default=False, init=False)
    comments: dict = None

    cached_uc: ClassVar = [None, None]
    cached_c: ClassVar = [None, None]

    def __post_init__(self):
        self.comments = {}
        self.styles = self.styles or []
        self.extra_generation_params = self.extra_generation_params or {}
        self.override_settings = self.override_settings or {}
        self.script_args = {}
        self.cached_uc = StableDiffusionProcessing.cached_uc
        self.cached_c = StableDiffusionProcessing.cached_c

    @property
    def scripts(self):
        """The scripts of the page."""
        return self.scripts_value

    @scripts.setter
    def scripts(self, value):
        self.scripts_value = value
        self._set_up()

    @property
    def script_args(self):
        """The values of the page's controls."""
        return self.script_args_value

    @script_args.setter
    def script_args(self, value):
        self.script_args_value = value
        self._set_up()

    def _set_up(self):
        if self.scripts_value and self.script_args_value and not self.scripts_setup_complete:
            self.scripts_setup_complete = True
            self.scripts_value.setup_scrips(self, is_ui=not self.is_api)

    def comment(self, text):
        """Note something for the user."""
        self.comments[text] = 1

    def setup_prompts(self):
        """Lay out one prompt and one negative prompt for each picture, styles included."""
        count = self.batch_size * self.n_iter
        prompts = self.prompt if isinstance(self.prompt, list) else [self.prompt] * count
        negatives = self.negative_prompt
        negatives = negatives if isinstance(negatives, list) else [negatives] * len(prompts)
        styles = shared.prompt_styles
        self.all_prompts = [styles.apply_styles_to_prompt(each, self.styles) for each in prompts]
        self.all_negative_prompts = [styles.apply_negative_styles_to_prompt(each, self.styles) for each in negatives]
        self.main_prompt, self.main_negative_prompt = self.all_prompts[0], self.all_negative_prompts[0]


@dataclass(repr=False)
class StableDiffusionProcessingTxt2Img(StableDiffusionProcessing):
    """The same for txt2img, with its hires pass."""

    enable_hr: bool = False
    denoising_strength: float = 0.75
    hr_scale: float = 2.0
    hr_upscaler: str = None
    hr_prompt: str = ""
    hr_negative_prompt: str = ""

    cached_hr_uc: ClassVar = [None, None]
    cached_hr_c: ClassVar = [None, None]

    def __post_init__(self):
        super().__post_init__()
        self.cached_hr_uc = StableDiffusionProcessingTxt2Img.cached_hr_uc
        self.cached_hr_c = StableDiffusionProcessingTxt2Img.cached_hr_c

    def setup_prompts(self):
        """Lay out the hires pass's prompts too, before any script has its say."""
        super().setup_prompts()
        if self.enable_hr:
            count = len(self.all_prompts)
            self.all_hr_prompts = [self.hr_prompt] * count if self.hr_prompt else list(self.all_prompts)
            own = self.hr_negative_prompt
            self.all_hr_negative_prompts = [own] * count if own else list(self.all_negative_prompts)


class Processed:
    """What came of it."""

    def __init__(self, p, images_list, seed=-1, info="", subseed=None, infotexts=None, index_of_first_image=0, **_):
        self.images = images_list
        self.seed, self.subseed, self.info = seed, subseed, info
        self.comments = "".join(f"{comment}\n" for comment in p.comments)
        self.index_of_first_image = index_of_first_image
        self.infotexts = infotexts or [info]
        self.all_prompts = getattr(p, "all_prompts", None) or [p.prompt]
        self.all_negative_prompts = getattr(p, "all_negative_prompts", None) or [p.negative_prompt]
        self.all_seeds = getattr(p, "all_seeds", None) or [seed]
        self.all_subseeds = getattr(p, "all_subseeds", None) or [subseed]


def create_infotext(p, index):
    """Write the infotext of one picture."""
    params = {
        "Steps": p.steps,
        "Sampler": p.sampler_name,
        "CFG scale": p.cfg_scale,
        "Seed": p.all_seeds[index],
        "Size": f"{p.width}x{p.height}",
        **p.extra_generation_params,
    }
    said = {name: value[index] if isinstance(value, list) else value for name, value in params.items()}
    last = ", ".join(f"{name}: {infotext_utils.quote(value)}" for name, value in said.items() if value is not None)
    negative = p.all_negative_prompts[index]
    return f"{p.all_prompts[index]}{chr(10)}{f'Negative prompt: {negative}{chr(10)}' if negative else ''}{last}"


def process_images(p):
    """Generate, with the options that *p* overrides; those that were never set before stay set, as A1111 has it."""
    stored = {name: shared.opts.data[name] for name in p.override_settings if name in shared.opts.data}
    try:
        for name, value in p.override_settings.items():
            shared.opts.set(name, value)
        return _generated(p)
    finally:
        for name, value in stored.items():
            setattr(shared.opts, name, value)


def _generated(p):
    p.setup_prompts()
    count = len(p.all_prompts)
    p.all_seeds = p.seed if isinstance(p.seed, list) else [int(p.seed) + at for at in range(count)]
    p.all_subseeds = p.subseed if isinstance(p.subseed, list) else [int(p.subseed)] * count
    p.scripts.process(p)
    if shared.state.job_count == -1:
        shared.state.job_count = p.n_iter
    images, infotexts = [], []
    for batch in range(p.n_iter):
        shared.state.skipped = False
        if shared.state.interrupted or shared.state.stopping_generation:
            break
        indices = range(batch * p.batch_size, min(count, (batch + 1) * p.batch_size))
        _encode(p, indices)
        _note_parameters(p, batch)
        steps = _sample(p)
        shared.state.nextjob()
        images += [_picture(p, at, steps) for at in indices]
        infotexts += [create_infotext(p, at) for at in indices]
    return Processed(p, images, p.all_seeds[0], infotexts[0] if infotexts else "", infotexts=infotexts)


def _encode(p, indices):
    """Load the LoRAs that the batch's first prompt names, and keep its encoded prompts where the class keeps them."""
    import networks

    tags = [tag.split(":") for tag in _NETWORK.findall(p.all_prompts[indices[0]])]
    weights = [float(tag[1]) if len(tag) > 1 else 1.0 for tag in tags]
    networks.load_networks([tag[0] for tag in tags], weights, weights, [None] * len(tags))
    for cache, texts in ((p.cached_c, p.all_prompts), (p.cached_uc, p.all_negative_prompts)):
        cache[:] = [[texts[at] for at in indices], "encoded"]


def _note_parameters(p, batch):
    if batch == 0:
        Path(paths.data_path, "params.txt").write_text(create_infotext(p, 0), "utf-8")


def _sample(p):
    """Take the steps, as far as nobody interrupts, and return how many were taken."""
    shared.state.sampling_steps = p.steps
    try:
        for step in range(p.steps):
            if shared.state.interrupted or shared.state.skipped:
                raise sd_samplers_common.InterruptedException
            shared.state.sampling_step = step
            sd_samplers_common.store_latent(step)
    except sd_samplers_common.InterruptedException:
        return step
    return p.steps


def _picture(p, at, steps):
    """Draw noise that depends on all that a picture depends on."""
    import networks
    from PIL import Image

    loaded = [(net.name, net.te_multiplier) for net in networks.loaded_networks]
    loaded.append(getattr(shared.sd_model, "current_lora_hash", None))
    said = (p.all_prompts[at], p.all_negative_prompts[at], p.all_seeds[at], p.cfg_scale, steps, p.sampler_name)
    digest = hashlib.sha256(repr((*said, loaded, shared.opts.CLIP_stop_at_last_layers)).encode()).digest()
    small = Image.frombytes("RGBA", (2, 4), digest)
    small.putalpha(255)
    return small.resize((p.width, p.height), Image.Resampling.BICUBIC)
