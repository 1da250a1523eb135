"""Names of modules in a checkpoint and in diffusers."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.geometry import UnetGeometry
from counterprompt.generation.sd_modules import renamed_key, unet_modules


def test_names_of_sd_1():
    """Block numbers of the full SD 1.x geometry land where kohya's and the host's own tables put them."""
    names = {ours: theirs for theirs, ours in unet_modules(UnetGeometry())}

    assert "input_blocks.3.0.op" == names["down_blocks.0.downsamplers.0.conv"]
    assert "input_blocks.8.1" == names["down_blocks.2.attentions.1"]
    assert "input_blocks.11.0.in_layers.2" == names["down_blocks.3.resnets.1.conv1"]
    assert "output_blocks.2.1.conv" == names["up_blocks.0.upsamplers.0.conv"]
    assert "output_blocks.5.2.conv" == names["up_blocks.1.upsamplers.0.conv"]
    assert "output_blocks.11.1" == names["up_blocks.3.attentions.2"]


def test_the_longest_module_is_renamed():
    """Of two modules that a tensor may belong to the inner one counts; a tensor of none is named."""
    modules = {"out": "conv", "out.0": "norm"}

    assert ("norm.weight", "conv.bias") == (renamed_key("out.0.weight", modules), renamed_key("out.bias", modules))
    with pytest.raises(InvalidInputError, match=r'"input\.weight" has no place'):
        renamed_key("input.weight", modules)
