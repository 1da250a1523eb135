"""Pictures prepared as a tagger's own `preprocess.json` says."""

import json

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.preprocessing import read_preprocessing
from counterprompt.tagging.wd import WdTagger
from counterprompt.tags.observed import TagCategory

NORMALIZE = {"type": "normalize", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
RESIZE = {"type": "resize", "size": [8, 8], "interpolation": "bicubic", "max_size": None, "antialias": True}
PIXAI = [RESIZE, {"type": "maybe_to_tensor"}, NORMALIZE]
LABELS = """\
id,tag_id,name,category,count,ips
0,1,red_theme,0,9,[]
1,2,green_theme,0,8,[]
2,3,hakurei_reimu,4,7,"[""touhou"", ""kirby""]"
"""


def read(tmp_path, stages, key="stages"):
    """Read the file that holds *stages*."""
    path = tmp_path / "preprocess.json"
    path.write_text(json.dumps({key: stages}))
    return read_preprocessing(path)


@pytest.fixture(name="pixai_folder")
def _pixai_folder(tmp_path):
    """A tagger in PixAI's layout: channels first, normalised RGB, three outputs of which the last is the prediction.

    Each logit is a channel's mean, -1 to 1, times 4: red, green, blue.
    """
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["embedding"], axes=[2, 3], keepdims=0),
        helper.make_node("Mul", ["embedding", "gain"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["prediction"]),
    ]
    outputs = [
        helper.make_tensor_value_info(one, TensorProto.FLOAT, ["batch", 3])
        for one in ("embedding", "logits", "prediction")
    ]
    given = [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, 8, 8])]
    constants = [numpy_helper.from_array(np.array(4, np.float32), "gain")]
    graph = helper.make_graph(nodes, "pixai", given, outputs, constants)
    folder = tmp_path / "pixai-tagger"
    folder.mkdir()
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), folder / "model.onnx")
    (folder / "selected_tags.csv").write_text(LABELS)
    (folder / "preprocess.json").write_text(json.dumps({"stages": PIXAI}))
    (folder / "thresholds.csv").write_text("category,name,threshold\n0,general,0.3\n4,character,0.85\n")
    return folder


@pytest.mark.parametrize(
    ("colour", "tags", "names"),
    [
        ("red", ("red theme",), ()),
        ("lime", ("green theme",), ()),
        ("blue", (), ("hakurei reimu",)),  # would be "red theme" if the channels were BGR
        ("black", (), ()),
        ("#999999", ("green theme", "red theme"), ()),  # 0.69: enough for a general tag, not for a name
    ],
)
def test_a_tagger_in_pixais_layout_works(pixai_folder, colour, tags, names):
    """RGB goes in normalised, the prediction among three outputs is taken, with the folder's thresholds."""
    (observed,) = WdTagger(pixai_folder).tag([Image.new("RGB", (16, 24), colour)])

    assert (tags, names) == (observed.names(), observed.names(TagCategory.CHARACTER))


def test_confidences_are_those_of_the_formula(pixai_folder):
    """A plain colour's confidence is the sigmoid of four times its value in -1 to 1."""
    confidences = WdTagger(pixai_folder).confidences([Image.new("RGB", (8, 8), (255, 0, 102))])

    np.testing.assert_allclose([1 / (1 + np.exp(-4 * value)) for value in (1, -1, -0.2)], confidences[0], atol=1e-5)


def test_a_see_through_picture_lies_on_white(tmp_path):
    """As with WD taggers."""
    pixels = read(tmp_path, PIXAI).pixels(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), 8)

    assert 1.0 == pixels.min()


@pytest.mark.parametrize(
    ("stages", "corner", "middle"),
    [
        ([RESIZE], 1.0, 1.0),  # stretched
        ([{"type": "pad_to_size", "size": [8, 8], "background_color": "black"}], 0.0, 1.0),
        ([{"type": "pad_to_size", "size": 8, "background_color": [51, 51, 51]}], 0.2, 1.0),
        ([{"type": "resize", "size": 8}, {"type": "center_crop", "size": [8, 8]}], 1.0, 1.0),  # cut
        ([{"type": "resize", "size": 8, "max_size": 8}, {"type": "center_crop", "size": 8}], 0.0, 1.0),
        ([{"type": "convert_rgb", "force_background": "white"}, RESIZE], 1.0, 1.0),
    ],
)
def test_stages(tmp_path, stages, corner, middle):
    """A wide white picture is stretched, padded or cut as the stages say; without normalize it is 0 to 1."""
    prepared = read(tmp_path, [*stages, {"type": "to_tensor"}], "test")

    pixels = prepared.pixels(Image.new("RGB", (32, 16), "white"), 8)

    assert (8, 8, 3) == pixels.shape
    np.testing.assert_allclose((corner, middle), (pixels[0, 0, 0], pixels[4, 4, 0]), atol=1e-6)


def test_a_needle_does_not_fill_the_memory(tmp_path):
    """The longer edge of a picture one pixel wide is bounded, where the shorter one is scaled."""
    stages = [{"type": "resize", "size": 8}, {"type": "center_crop", "size": 8}, {"type": "to_tensor"}]

    assert (8, 8, 3) == read(tmp_path, stages).pixels(Image.new("RGB", (1, 60000)), 8).shape


@pytest.mark.parametrize(
    ("stages", "remark"),
    [
        ([], "list of 1 to 16"),
        ({}, "list of 1 to 16"),
        (["resize"], "no object"),
        ([RESIZE], "never turns"),
        ([{"type": "solarize"}, {"type": "to_tensor"}], "'solarize'"),
        ([{"type": ["resize"]}, {"type": "to_tensor"}], "not known"),
        ([{"type": "resize", "size": "8"}, {"type": "to_tensor"}], "'8' as a size"),
        ([{"type": "resize", "size": 10**9}, {"type": "to_tensor"}], "as a size"),
        ([{"type": "resize", "size": 8, "max_size": "x"}, {"type": "to_tensor"}], "as max_size"),
        ([{**RESIZE, "interpolation": "magic"}, {"type": "to_tensor"}], "'magic' as interpolation"),
        ([{**RESIZE, "antialias": False}, {"type": "to_tensor"}], "without antialias"),
        ([{"type": "pad_to_size", "size": [8, 4]}, {"type": "to_tensor"}], "no square"),
        ([{"type": "pad_to_size", "size": 8, "background_color": "no"}, {"type": "to_tensor"}], "as a colour"),
        ([{"type": "convert_rgb", "force_background": "black"}, {"type": "to_tensor"}], "on 'black'"),
        ([RESIZE, {"type": "to_tensor"}, {"type": "flip"}], "flip after to_tensor"),
        ([RESIZE, {"type": "to_tensor"}, NORMALIZE, NORMALIZE], "only normalize"),
        ([RESIZE, {"type": "to_tensor"}, {**NORMALIZE, "std": [1, 0, 1]}], "divides by"),
        ([RESIZE, {"type": "to_tensor"}, {**NORMALIZE, "mean": [1, 2]}], "as mean"),
        ([RESIZE, {"type": "to_tensor"}, {**NORMALIZE, "mean": [10**400, 0, 0]}], "as mean"),
        ([{"type": "pad_to_size", "size": 8, "background_color": [256, 0, 0]}, {"type": "to_tensor"}], "as a colour"),
    ],
)
def test_what_is_not_clear_is_refused(tmp_path, stages, remark):
    """The sentence names the file and what it asks for."""
    with pytest.raises(MissingModelError, match=remark) as caught:
        read(tmp_path, stages)

    assert "preprocess.json" in str(caught.value)
    assert "choose a WD tagger" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 20000])
def test_a_broken_file_is_refused(tmp_path, content):
    """Whatever is wrong with it, the message is a sentence about it."""
    path = tmp_path / "preprocess.json"
    path.write_bytes(content)

    with pytest.raises(MissingModelError, match=r"preprocess\.json"):
        read_preprocessing(path)


def test_another_size_than_the_models_is_refused(pixai_folder):
    """The stages must end in the picture that the model takes."""
    stages = [{**RESIZE, "size": [4, 4]}, *PIXAI[1:]]
    (pixai_folder / "preprocess.json").write_text(json.dumps({"stages": stages}))

    with pytest.raises(MissingModelError, match="makes pictures of 4x4 pixels, but the model wants 8x8"):
        WdTagger(pixai_folder).tag([Image.new("RGB", (8, 8))])
