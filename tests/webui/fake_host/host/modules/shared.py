"""What every part of the host uses."""

from types import SimpleNamespace

from modules.shared_state import State

DEFAULTS = {
    "CLIP_stop_at_last_layers": 1,
    "skip_early_cond": 0.0,
    "s_min_uncond": 0.0,
    "persistent_cond_cache": True,
}


class Options:
    """Options: those that were set, and defaults for the others."""

    def __init__(self):
        object.__setattr__(self, "data", {"sd_model_checkpoint": "miniature.safetensors [8cd6298bbd]"})

    def __getattr__(self, name):
        if name in self.data or name in DEFAULTS:
            return self.data.get(name, DEFAULTS.get(name))
        raise AttributeError(name)

    def __setattr__(self, name, value):
        self.data[name] = value

    def set(self, name, value, **_):
        """Set an option."""
        self.data[name] = value


class PromptStyles:
    """Styles by name: what they add to the prompt and to the negative prompt."""

    def __init__(self):
        self.styles = {"studio": ("studio light", "harsh shadows")}

    def apply_styles_to_prompt(self, prompt, names):
        """Append what the styles add."""
        return ", ".join([prompt, *(self.styles[name][0] for name in names if name in self.styles)])

    def apply_negative_styles_to_prompt(self, prompt, names):
        """Append what the styles add to the negative prompt."""
        return ", ".join([prompt, *(self.styles[name][1] for name in names if name in self.styles)])


class TotalProgress:
    """The console's progress bar over all batches."""

    def clear(self):
        """Take it down."""


hypernetworks = {}
opts = Options()
state = State()
prompt_styles = PromptStyles()
total_tqdm = TotalProgress()
cmd_opts = SimpleNamespace(api=True, api_auth=None, gradio_auth=None, no_prompt_history=False)
sd_model = SimpleNamespace(sd_checkpoint_info=SimpleNamespace(name_for_extra="miniature"), sd_model_hash="8cd6298bbd")
