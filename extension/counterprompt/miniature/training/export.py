"""Turns finished training states into the files that ship: half precision, only the token rows that were trained."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.assets import LORA_NAMES, WEIGHTS
from counterprompt.miniature.checkpoint import CLIP_TOKENS_KEY, IDS_SUFFIX, TOKENIZER_PLACE, TOKENS_KEY
from counterprompt.miniature.classifier import TAGGER_WIDTHS, new_classifier
from counterprompt.miniature.labels import DEFECT_TAGS, TAGS
from counterprompt.miniature.probes import PROBES
from counterprompt.miniature.training.autoencoder import VAE_CONFIG
from counterprompt.miniature.training.checkpointing import load_state
from counterprompt.miniature.training.contrastive import CLIP_CONFIG, PREPROCESSING, PROBE_SCALE, new_clip
from counterprompt.miniature.training.diffusion import TEXT_CONFIG, UNET_CONFIG
from counterprompt.miniature.training.latents import load_vae
from counterprompt.miniature.training.lora import restore_average
from counterprompt.miniature.training.views import load_views
from counterprompt.miniature.vocabulary import trained_rows

if TYPE_CHECKING:
    import torch

_RATING_PENALTIES: Final = {
    "blurry": 1.3,
    "noisy": 1.2,
    "overexposed": 1.1,
    "watermark": 0.8,
    "bad anatomy": 0.6,
    "vignette": 0.3,
}
"""What the people who rate the drawn world take off for a defect; anatomy they often overlook, as real raters do."""
_RATERS_SPREAD: Final = 0.8


def export_all(folder: Path) -> None:
    """Write every shipped file from the training states in *folder* to assets.WEIGHTS."""
    export_diffusion(folder)
    export_loras(folder)
    export_clip(folder)
    export_classifiers(folder)


def export_diffusion(folder: Path) -> None:
    """Write checkpoint.safetensors, checkpoint.yaml and text_config.json from vae.pt and diffusion.pt."""
    from counterprompt.generation.geometry import geometry_of
    from counterprompt.generation.layout_yaml import render_yaml
    from counterprompt.generation.sd_layout import to_single_file

    state = _require_state(folder / "diffusion.pt")
    unet, text_encoder = restore_average(state)
    geometry = geometry_of(UNET_CONFIG, VAE_CONFIG, version=TOKENIZER_PLACE, scale_factor=state["scale"])
    tensors = to_single_file(unet.state_dict(), load_vae(folder).state_dict(), text_encoder.state_dict(), geometry)
    _save_compact(tensors, TOKENS_KEY, WEIGHTS / "checkpoint.safetensors")
    (WEIGHTS / "checkpoint.yaml").write_text(render_yaml(geometry), encoding="utf-8")
    config = {"model_type": "clip_text_model", "architectures": ["CLIPTextModel"], **TEXT_CONFIG}
    _write_json(WEIGHTS / "text_config.json", config)


def export_loras(folder: Path) -> None:
    """Write loras/NAME.safetensors with the header fields that kohya's trainer leaves."""
    from safetensors.torch import save_file

    (WEIGHTS / "loras").mkdir(parents=True, exist_ok=True)
    for style in LORA_NAMES:
        weights = _require_state(folder / f"lora-{style}.pt")["weights"]
        metadata = {
            "ss_network_module": "networks.lora",
            "ss_base_model_version": "sd_v1",
            "ss_sd_model_name": "miniature.safetensors",
            "ss_output_name": style,
            "ss_tag_frequency": json.dumps({f"10_{style}": {style: 2000}}),
        }
        save_file(weights, str(WEIGHTS / "loras" / f"{style}.safetensors"), metadata=metadata)


def export_clip(folder: Path) -> None:
    """Write clip/: the model, its configuration, the probes, and a head fitted to ratings of drawn pictures."""
    from safetensors.torch import save_file

    state = _require_state(folder / "clip.pt")
    model = new_clip()
    model.load_state_dict(state["model"])
    target = WEIGHTS / "clip"
    target.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.contiguous() for name, value in model.state_dict().items() if name != "attn_mask"}
    _save_compact(tensors, CLIP_TOKENS_KEY, target / "open_clip_model.safetensors")
    _write_json(target / "open_clip_config.json", {"model_cfg": CLIP_CONFIG, "preprocess_cfg": PREPROCESSING})
    probes = {name: {"pairs": [list(pair) for pair in pairs], "scale": PROBE_SCALE} for name, pairs in PROBES.items()}
    _write_json(target / "probes.json", probes)
    weight, bias = _fit_head(model.eval(), folder)
    save_file({"weight": weight, "bias": bias}, str(target / "aesthetic_head.safetensors"))


def export_classifiers(folder: Path) -> None:
    """Write the tagger in the WD contract (ONNX and label file) and the judge (safetensors)."""
    from safetensors.torch import save_file

    judge = _require_state(folder / "judge.pt")["model"]
    floats = {name: value.half().contiguous() for name, value in judge.items() if value.is_floating_point()}
    save_file(floats, str(WEIGHTS / "judge.safetensors"))
    tagger = new_classifier(TAGGER_WIDTHS)
    tagger.load_state_dict(_require_state(folder / "tagger.pt")["model"])
    target = WEIGHTS / "tagger"
    target.mkdir(parents=True, exist_ok=True)
    _write_onnx(tagger.eval(), target / "model.onnx")
    general = [f"{9_000_000 + row},{tag.replace(' ', '_')},0,{1000 - row}" for row, tag in enumerate(TAGS)]
    rows = ["tag_id,name,category,count", "9999999,general,9,5000", *general]
    (target / "selected_tags.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    _write_json(target / "thresholds.json", {"general": 0.5})


def _fit_head(model: Any, folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit weight (1, d) and bias (1,) by least squares to what raters would say of 4000 drawn pictures."""
    import torch

    views = load_views(folder, count=8000, seed=1, decode=True)
    rng = random.Random(3)
    rows, pictures = views.batch(4000)
    ratings = []
    for row in rows.tolist():
        lost = sum(_RATING_PENALTIES[tag] for tag in DEFECT_TAGS if views.truth[row, TAGS.index(tag)])
        ratings.append(7.0 - lost + rng.gauss(0, _RATERS_SPREAD))
    with torch.inference_mode():
        embeddings = torch.cat([model.encode_image(part, normalize=True) for part in pictures.split(200)])
    system = torch.cat([embeddings, torch.ones(len(embeddings), 1)], dim=1)
    solution = torch.linalg.lstsq(system, torch.tensor(ratings).view(-1, 1)).solution.flatten()
    return solution[:-1].view(1, -1).contiguous(), solution[-1:].contiguous()


def _write_onnx(network: Any, path: Path) -> None:
    """Write *network* with the WD contract around it: BGR 0 to 255, NHWC in; a rating and the tags' confidences out."""
    import torch

    class WdContract(torch.nn.Module):
        """BGR of 0 to 255, shape (n, 64, 64, 3), to confidences of shape (n, 1 + len(TAGS))."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            confidences = self.network(x.flip(-1).permute(0, 3, 1, 2) / 127.5 - 1).sigmoid()
            return torch.cat([torch.ones_like(confidences[:, :1]), confidences], dim=1)

    example = torch.zeros(1, 64, 64, 3)
    torch.onnx.export(
        WdContract().eval(),
        (example,),
        str(path),
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def _save_compact(tensors: dict[str, torch.Tensor], key: str, path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    ids, rows = trained_rows(tensors[key].float().numpy())
    halved = {name: value.half() if value.is_floating_point() else value for name, value in tensors.items()}
    halved[key] = torch.from_numpy(rows)
    halved[key + IDS_SUFFIX] = torch.from_numpy(ids)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(halved, str(path), metadata={"format": "pt"})


def _require_state(path: Path) -> dict[str, Any]:
    state = load_state(path)
    if state is None:
        raise FileNotFoundError(f"{path} is missing: run the training that writes it first")
    return state


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
