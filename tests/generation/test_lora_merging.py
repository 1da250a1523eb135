"""Merging kohya LoRAs and taking them out again."""

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.checkpoint_loading import load_checkpoint
from counterprompt.generation.lora_file import PARTS, LoraFolder
from counterprompt.generation.lora_merging import LoraMerger, LoraUse

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
save_file = pytest.importorskip("safetensors.torch").save_file

ATTENTION = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight"


@pytest.fixture
def checkpoint(tiny_file):
    return load_checkpoint(tiny_file, "cpu")


def weights(checkpoint):
    models = (checkpoint.unet, checkpoint.text_models[0].encoder)
    return {
        f"{place} {key}": value.clone()
        for place, model in enumerate(models)
        for key, value in model.state_dict().items()
    }


def changed(before, after):
    return {key for key in before if not torch.equal(before[key], after[key])}


def test_delta_is_scaled_by_weight_and_alpha_over_rank(checkpoint, lora_folder):
    """A merged weight is its original plus weight * alpha / rank * up @ down."""
    from safetensors.torch import load_file

    file = load_file(lora_folder / "style.safetensors")
    name = "lora_unet_" + ATTENTION[: -len(".weight")].replace(".", "_")
    before = checkpoint.unet.state_dict()[ATTENTION].clone()

    LoraMerger(checkpoint, LoraFolder(lora_folder)).apply((LoraUse("style", 1.0, 0.6),))

    expected = before + 0.6 * 2 / 4 * file[name + ".lora_up.weight"] @ file[name + ".lora_down.weight"]
    assert torch.allclose(expected, checkpoint.unet.state_dict()[ATTENTION], atol=1e-6)


def test_every_part_lands_in_either_naming(checkpoint, lora_folder):
    """Linear, 1x1 and 3x3 parts and the text encoder's land in the same places under kohya's and the file's names."""
    merger = LoraMerger(checkpoint, LoraFolder(lora_folder))
    before = weights(checkpoint)

    merger.apply((LoraUse("style", 0.7, 0.7),))
    kohya = weights(checkpoint)
    merger.apply((LoraUse("stylecv", 0.7, 0.7),))

    assert 4 == len(changed(before, kohya))
    assert set() == changed(kohya, weights(checkpoint))


def test_taking_out_restores_every_bit(checkpoint, lora_folder):
    """After any sequence of weights, no LoRA means exactly the weights of the file."""
    merger = LoraMerger(checkpoint, LoraFolder(lora_folder))
    before = weights(checkpoint)

    for uses in ((LoraUse("style", 1, 1),), (LoraUse("style", 0.3, 0.9), LoraUse("stylecv", 1, 1)), ()):
        merger.apply(uses)

    assert set() == changed(before, weights(checkpoint))


def test_weights_apart_for_text_encoder_and_unet(checkpoint, lora_folder):
    """The first weight moves the text encoder only, the second one the UNet only."""
    merger = LoraMerger(checkpoint, LoraFolder(lora_folder))
    before = weights(checkpoint)

    merger.apply((LoraUse("style", 1.0, 0.0),))
    assert {"1"} == {key[0] for key in changed(before, weights(checkpoint))}
    merger.apply((LoraUse("style", 0.0, 1.0),))
    assert {"0"} == {key[0] for key in changed(before, weights(checkpoint))}


def test_names_of_files_and_of_training_are_found(lora_folder):
    """A LoRA goes by its file name, also below the folder, or by the name it was trained under."""
    folder = LoraFolder(lora_folder)

    assert frozenset({"style", "stylecv"}) == folder.names()
    assert "style.safetensors" == folder.path_of("trained 0").name
    assert frozenset() == LoraFolder(None).names()


@pytest.mark.parametrize("name", ["nope", "../style", "/etc/passwd", "style.safetensors"])
def test_unknown_names_are_refused_and_never_paths(lora_folder, name):
    """A name that is no LoRA is refused with the known ones, whatever path it spells."""
    with pytest.raises(GeneratorError, match="style"):
        LoraFolder(lora_folder).path_of(name)


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        ({"lora_unet_conv_in.hada_w1_a": 1}, "plain kohya"),
        ({"lora_unet_conv_in.lora_down.weight": (4, 4, 3, 3)}, "missing half"),
        ({"lora_unet_conv_in.lora_down.weight": (4, 9), "lora_unet_conv_in.lora_up.weight": (9, 4)}, "differs in size"),
        ({"lora_unet_mid_x.lora_down.weight": (4, 9), "lora_unet_mid_x.lora_up.weight": (9, 4)}, "No part"),
        ({"lora_unet_conv_in.lora_down.weight": (4, 9), "lora_unet_conv_in.lora_up.weight": (9, 3)}, "unequal rank"),
        ({"unet.conv_in.lora_A.weight": (4, 9)}, "plain kohya"),
        ({"lora_unet_conv_in.lora_down.weight": (4,), "lora_unet_conv_in.lora_up.weight": ()}, "unequal rank"),
        ({"lora_unet_conv_in.lora_down.weight": (0, 9), "lora_unet_conv_in.lora_up.weight": (9, 0)}, "unequal rank"),
        ({f"lora_unet_conv_in.{part}": (4, 4) for part in PARTS}, "no number"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_are_refused(checkpoint, tmp_path, state, hint):
    """LyCORIS, halves, other families and other formats are refused by what is wrong, and no weight changes."""
    save_file({key: torch.zeros(shape) for key, shape in state.items()}, tmp_path / "odd.safetensors")
    before = weights(checkpoint)

    with pytest.raises(GeneratorError, match=hint):
        LoraMerger(checkpoint, LoraFolder(tmp_path)).apply((LoraUse("odd", 1.0, 1.0),))

    assert set() == changed(before, weights(checkpoint))


def test_broken_file_is_named(tmp_path, checkpoint):
    """A LoRA file that is no safetensors file is named."""
    (tmp_path / "broken.safetensors").write_bytes(b"x")

    with pytest.raises(GeneratorError, match=r"broken\.safetensors"):
        LoraMerger(checkpoint, LoraFolder(tmp_path)).require((LoraUse("broken", 1.0, 1.0),))


def test_text_encoder_and_unet_are_merged_apart(checkpoint, lora_folder):
    """With two weights each part is what it would be with that weight for both; 0 leaves a part untouched."""
    merger = LoraMerger(checkpoint, LoraFolder(lora_folder))
    before = weights(checkpoint)
    merged = {}
    for pair in ((0.4, 0.4), (0.8, 0.8), (0.4, 0.8), (0.8, 0)):
        merger.apply((LoraUse("style", *pair),))
        merged[pair] = weights(checkpoint)
    text = {key for key in before if key.startswith("1 ")}
    both = merged[0.4, 0.8]

    assert set() == text & changed(merged[0.4, 0.4], both)
    assert set() == changed(merged[0.8, 0.8], both) - text
    assert changed(before, merged[0.8, 0]) == changed(before, both) & text != set()
