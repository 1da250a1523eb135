"""Builds tiny ONNX taggers whose confidences are pixels, in every layout in which WD taggers are published.

Confidence i is channel i of the top left corner, 3 + i that of the middle, each divided by 255; a model that is fed
another order of channels, another padding or another range of values therefore gives other numbers.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

SIZE = 8


def pixel_tagger(path, *, batch="batch", channels_first=False, size=SIZE, element=TensorProto.FLOAT, divisor=255.0):
    """Write the model to *path*; *batch* and *size* are numbers, or the name of a free dimension."""
    shape = [batch, 3, size, size] if channels_first else [batch, size, size, 3]
    nodes = [
        helper.make_node("Transpose", ["input"], ["pixels"], perm=[0, 2, 3, 1] if channels_first else [0, 1, 2, 3])
    ]
    for place in ("corner", "middle"):
        nodes.append(helper.make_node("Gather", ["pixels", f"{place}_at"], [f"{place}_row"], axis=1))
        nodes.append(helper.make_node("Gather", [f"{place}_row", f"{place}_at"], [place], axis=1))
    nodes.append(helper.make_node("Concat", ["corner", "middle"], ["both"], axis=1))
    nodes.append(helper.make_node("Div", ["both", "divisor"], ["output"]))
    number = np.float16 if element == TensorProto.FLOAT16 else np.float32
    constants = {
        "corner_at": np.array(0, np.int64),
        "middle_at": np.array(SIZE // 2, np.int64),
        "divisor": np.array(divisor, number),
    }
    graph = helper.make_graph(
        nodes,
        "pixel_tagger",
        [helper.make_tensor_value_info("input", element, shape)],
        [helper.make_tensor_value_info("output", element, [batch, 6])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    save(model, str(path))
