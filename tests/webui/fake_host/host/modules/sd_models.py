"""The checkpoints."""

from types import SimpleNamespace

from modules import shared

model_data = SimpleNamespace(sd_model=shared.sd_model)
checkpoints_list = {
    "miniature.safetensors [8cd6298bbd]": SimpleNamespace(
        title="miniature.safetensors [8cd6298bbd]",
        model_name="miniature",
        shorthash="8cd6298bbd",
        sha256="8cd6298bbdbfb8b5fb2ff668bd6ce0250dc58d74c303e427b625b92716b76f84",
        filename="/models/Stable-diffusion/miniature.safetensors",
    )
}
