"""Makes the two tiny ONNX files beside it; needs the `onnx` package, which the tests themselves do not.

Run as ``python tests/tagging/build_colour_tagger.py``. The model reads colours: it averages the picture over height and
width, scales each channel to about -10 to 10 around the middle, and gives the sigmoid of the sums below.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

CHANNELS_TO_TAGS = np.array(
    [  # blue, green, red -> general, sensitive, blue_theme, green_theme, red_theme, ^_^, hatsune_miku
        [0, 0, 1, 0, 0, 0.3, 1],
        [0, 0, 0, 1, 0, 0.3, 1],
        [-1, 1, 0, 0, 1, 0.3, -1],
    ],
    dtype=np.float32,
)


def colour_model(batch):
    """Build the model for 16 by 16 pixels; *batch* is a number or the name of a free dimension."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["means"], axes=[1, 2], keepdims=0),  # (batch, 3), 0 to 255
        helper.make_node("Sub", ["means", "middle"], ["centred"]),
        helper.make_node("Mul", ["centred", "gain"], ["channels"]),
        helper.make_node("MatMul", ["channels", "weights"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["output"]),
    ]
    constants = {
        "middle": np.array(127.5, np.float32),
        "gain": np.array(0.08, np.float32),
        "weights": CHANNELS_TO_TAGS,
    }
    graph = helper.make_graph(
        nodes,
        "colour_tagger",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, 16, 16, 3])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [batch, CHANNELS_TO_TAGS.shape[1]])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    return model


if __name__ == "__main__":
    for name, batch in (("colour_tagger.onnx", "batch"), ("colour_tagger_batch2.onnx", 2)):
        save(colour_model(batch), str(Path(__file__).parent / name))
