"""The SD 1.x layout: names there and back, and the `.yaml` that says the geometry."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.geometry import Geometry, UnetGeometry, VaeGeometry, geometry_of, unet_config, vae_config
from counterprompt.generation.layout_yaml import parse_yaml, render_yaml
from counterprompt.generation.sd_layout import from_single_file, to_single_file, write_single_file

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

GEOMETRIES = {
    "miniature": Geometry(
        UnetGeometry(64, (1, 2), (2, 2), (2,), 96, 4), VaeGeometry(32, (1, 1, 2, 4), 1), 0.9, version="/x/y z: #'\"é"
    ),
    "three levels, attention at two": Geometry(
        UnetGeometry(32, (1, 2, 3), (2, 2, 2), (1, 2), 64, 4), VaeGeometry(32, (1, 2), 1)
    ),
    "blocks differ by level, linear, head width": Geometry(
        UnetGeometry(32, (1, 2), (1, 2), (1, 2), 64, None, 16, use_linear_in_transformer=True),
        VaeGeometry(32, (1, 1), 2),
        prediction_type="v_prediction",
    ),
}


def models(geometry):
    return diffusers.UNet2DConditionModel(**unet_config(geometry)), diffusers.AutoencoderKL(**vae_config(geometry))


@pytest.fixture(params=GEOMETRIES)
def geometry(request):
    return GEOMETRIES[request.param]


def text_state():
    return {"embeddings.position_embedding.weight": torch.zeros(77, 4), "final_layer_norm.bias": torch.ones(4)}


def test_round_trip_keeps_every_tensor(geometry):
    """Writing models into one file and splitting them again gives the same tensors under the same names."""
    unet, vae = models(geometry)

    states = from_single_file(to_single_file(unet.state_dict(), vae.state_dict(), text_state(), geometry), geometry)

    for expected, actual in ((unet.state_dict(), states.unet), (vae.state_dict(), states.vae)):
        assert set(expected) == set(actual)
        assert all(torch.equal(expected[key], actual[key]) for key in expected)
    assert {f"text_model.{key}" for key in text_state()} == set(states.text)


def test_autoencoder_attention_is_a_convolution_in_the_file():
    """The autoencoder's attention weights are 1x1 convolutions in the file and linear in diffusers."""
    geometry = GEOMETRIES["miniature"]
    unet, vae = models(geometry)

    state = to_single_file(unet.state_dict(), vae.state_dict(), text_state(), geometry)

    assert (128, 128, 1, 1) == tuple(state["first_stage_model.decoder.mid.attn_1.q.weight"].shape)
    assert (1, 77) == tuple(state["cond_stage_model.transformer.text_model.embeddings.position_ids"].shape)


def test_geometry_is_derived_from_the_models(geometry):
    """The configs of diffusers models give back the geometry they were built from."""
    unet, vae = models(geometry)

    derived = geometry_of(unet.config, vae.config, version=geometry.version)

    assert (geometry.unet, geometry.vae, geometry.scale_factor) == (derived.unet, derived.vae, derived.scale_factor)


def test_yaml_round_trip(geometry):
    """The rendered `.yaml` reads back as the same geometry, whatever the folder's name holds."""
    assert geometry == parse_yaml(render_yaml(geometry))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[1, 2", "model: 3", "model: {params: {}}", "a: " + "x" * 70000, "[" * 60_000, 'a: "\\UFFFFFFFF"'),
        "model: {params: {cond_stage_config: []}}",
        render_yaml(Geometry()).replace("320", ".inf"),
        render_yaml(Geometry()).replace("0.18215", ".nan"),
    ],
)
def test_broken_yaml_is_refused(text):
    """A `.yaml` that is no SD 1.x config is refused in one sentence."""
    with pytest.raises(InvalidInputError, match=r"\.yaml"):
        parse_yaml(text)


def test_foreign_tensor_is_named():
    """A tensor that the geometry has no place for is named."""
    with pytest.raises(InvalidInputError, match=r"output_blocks\.9"):
        from_single_file({"model.diffusion_model.output_blocks.9.0.weight": torch.zeros(1)}, GEOMETRIES["miniature"])


def test_file_is_written_in_half_precision_with_its_yaml(tmp_path):
    """Writing a checkpoint leaves float16 tensors and the geometry beside them."""
    from safetensors.torch import load_file

    geometry = GEOMETRIES["miniature"]
    write_single_file(tmp_path / "m.safetensors", {"a": torch.ones(2), "b": torch.arange(2)}, geometry)

    stored = load_file(tmp_path / "m.safetensors")
    assert (torch.float16, torch.int64) == (stored["a"].dtype, stored["b"].dtype)
    assert geometry == parse_yaml((tmp_path / "m.yaml").read_text(encoding="utf-8"))
