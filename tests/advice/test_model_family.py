"""Families told by headers and names."""

import pytest

from counterprompt.advice.model_family import family_of_file, fit_of_families
from counterprompt.prompts.families import ModelFamily


@pytest.mark.parametrize(
    ("metadata", "name", "tensors", "family"),
    [
        ({"ss_base_model_version": "sd_v1"}, "a", (), ModelFamily.SD15),
        ({"ss_base_model_version": "sdxl_base_v1-0"}, "a", (), ModelFamily.SDXL),
        (
            {"ss_base_model_version": "sdxl_base_v1-0", "ss_sd_model_name": "ponyV6.safetensors"},
            "a",
            (),
            ModelFamily.PONY,
        ),
        ({"ss_base_model_version": "sdxl_base_v1-0"}, "noobaiXL_style", (), ModelFamily.ILLUSTRIOUS),
        ({"ss_base_model_version": "sd_v1"}, "my pony", (), ModelFamily.SD15),  # the animal
        ({"modelspec.architecture": "stable-diffusion-v1"}, "a", (), ModelFamily.SD15),
        ({"modelspec.architecture": "flux-1-dev"}, "a", (), ModelFamily.FLUX),
        ({}, "ponyDiffusionV6XL", (), ModelFamily.PONY),
        ({}, "sd_xl_base_1.0", (), ModelFamily.SDXL),
        ({}, "v1-5-pruned", (), ModelFamily.SD15),
        ({}, "a", ("conditioner.embedders.1.model.x",), ModelFamily.SDXL),
        ({}, "a", ("first", "cond_stage_model.transformer.x"), ModelFamily.SD15),
        ({}, "illustriousMix", ("conditioner.embedders.1.model.x",), ModelFamily.ILLUSTRIOUS),
        ({}, "a", ("double_blocks.0.img_attn",), ModelFamily.FLUX),
        ({}, "a", (), ModelFamily.UNKNOWN),
        ({"ss_base_model_version": "sd_v2"}, "a", (), ModelFamily.UNKNOWN),
    ],
)
def test_the_header_tells_first(metadata, name: str, tensors, family: ModelFamily):
    """Then the tensors, then the name; what SDXL was trained into only the name tells."""
    assert family is family_of_file(metadata, name, tensors)


@pytest.mark.parametrize(
    ("left", "right", "fit"),
    [
        (ModelFamily.SDXL, ModelFamily.SDXL, 1),
        (ModelFamily.SDXL, ModelFamily.PONY, 0.5),
        (ModelFamily.SD15, ModelFamily.UNKNOWN, 0.5),
        (ModelFamily.UNKNOWN, ModelFamily.UNKNOWN, 0.5),
        (ModelFamily.SD15, ModelFamily.SDXL, 0),
        (ModelFamily.FLUX, ModelFamily.PONY, 0),
    ],
)
def test_families_fit_by_architecture(left: ModelFamily, right: ModelFamily, fit: float):
    """The same fits, one architecture perhaps, another not."""
    assert fit == fit_of_families(left, right) == fit_of_families(right, left)
