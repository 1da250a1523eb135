"""Preference models, with random weights in the formats of the real ones."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.ports import Scores
from counterprompt.scoring.clip_scorer import load_clip_scorer
from counterprompt.scoring.filtered import FilteredScorer, remarks_of
from counterprompt.scoring.hf_clip import to_open_clip
from counterprompt.scoring.preference import load_preference
from counterprompt.scoring.preference_kinds import PREFERENCES, preference_kind
from counterprompt.scoring.preference_scorer import PreferenceScorer

ARCHITECTURE = "counterprompt-tiny-h"
WIDTH, EMBED = 16, 8


@pytest.fixture(scope="module", autouse=True)
def registered_architecture(tmp_path_factory):
    """Teach open_clip ViT-H-14 made tiny: the same kind of layers, two of them, with plain GELU."""
    import open_clip

    model_cfg = {
        "embed_dim": EMBED,
        "vision_cfg": {"layers": 2, "width": WIDTH, "head_width": 8, "patch_size": 14, "image_size": 28},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 2},
    }
    path = tmp_path_factory.mktemp("architectures") / f"{ARCHITECTURE}.json"
    path.write_text(json.dumps(model_cfg))
    open_clip.add_model_config(path)


@pytest.fixture(scope="module")
def transformers_clip():
    """A transformers CLIPModel of the same tiny sizes with random weights, and its own scores of a picture."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(0)
    shared = {"hidden_act": "gelu", "num_hidden_layers": 2, "num_attention_heads": 2, "projection_dim": EMBED}
    text = {"vocab_size": 49408, "hidden_size": 8, "intermediate_size": 32, "max_position_embeddings": 77, **shared}
    vision = {"hidden_size": WIDTH, "intermediate_size": 64, "image_size": 28, "patch_size": 14, **shared}
    # The tokenizer's real ends; transformers would look for the text's end at token 2, as in its first releases.
    ends = {"bos_token_id": 49406, "eos_token_id": 49407, "pad_token_id": 49407}
    model = CLIPModel(CLIPConfig(text_config={**text, **ends}, vision_config=vision, projection_dim=EMBED)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
        model.logit_scale.fill_(3.0)
    return model


@pytest.fixture
def pickscore(tmp_path, transformers_clip):
    """PickScore's file with the tiny weights in it, and the kind that reads it."""
    from safetensors.torch import save_file

    weights = {name: tensor.contiguous() for name, tensor in transformers_clip.state_dict().items()}
    save_file(weights, str(tmp_path / "model.safetensors"))
    return replace(PREFERENCES["pickscore"], architecture=ARCHITECTURE), tmp_path / "model.safetensors"


@pytest.fixture
def hpsv21(tmp_path, transformers_clip):
    """HPSv2.1's file: open_clip's names in 16 bits below "state_dict", with what else a training file holds."""
    import torch

    path = tmp_path / "HPS_v2.1_compressed.pt"
    weights = to_open_clip(transformers_clip.state_dict(), path)
    torch.save({"state_dict": {name: each.half() for name, each in weights.items()}, "epoch": 3, "name": "x"}, path)
    return replace(PREFERENCES["hpsv2.1"], architecture=ARCHITECTURE), path


def test_pickscore_scores_as_transformers_does(pickscore, transformers_clip, pictures):
    """Converted to open_clip's names the weights give transformers' own logits, picture by picture."""
    import open_clip
    import torch

    model = load_preference(*pickscore)
    pixels = torch.from_numpy(_open_clip_pixels(pictures, 28))
    with torch.inference_mode():
        output = transformers_clip(input_ids=open_clip.tokenize(["a red circle"]), pixel_values=pixels)

    actual = model.score(pictures, "a (red:1.2) circle <lora:x:1>")

    np.testing.assert_allclose(output.logits_per_image[:, 0].numpy(), actual, rtol=1e-4)
    assert "PickScore v1" == model.name


def test_a_preference_model_reckons_as_it_is_told(pickscore, pictures):
    """In bf16 the scores stay within a point of those in 32 bits."""
    half, full = load_preference(*pickscore, precision="bf16"), load_preference(*pickscore)

    assert ("bf16", "fp32") == (half.embedder.guest.precision, full.embedder.guest.precision)
    np.testing.assert_allclose(full.score(pictures, "a circle"), half.score(pictures, "a circle"), atol=1.0)


def test_hpsv21_is_a_hundred_cosines_of_the_padded_picture(hpsv21, transformers_clip):
    """HPSv2.1 sees the whole picture, padded with black, and gives 100 times the cosine."""
    import open_clip
    import torch

    image = Image.new("RGB", (28, 14), (200, 120, 40))
    padded = Image.new("RGB", (28, 28))
    padded.paste(image, (0, 7))
    with torch.inference_mode():
        output = transformers_clip(
            input_ids=open_clip.tokenize(["a red circle"]),
            pixel_values=torch.from_numpy(_open_clip_pixels([padded], 28)),
        )
    cosine = (output.image_embeds[0] @ output.text_embeds[0]).item()

    (actual,) = load_preference(*hpsv21).score([image], "a red circle")

    assert pytest.approx(100 * cosine, abs=0.1) == actual


def _open_clip_pixels(images, size):
    from open_clip.transform import image_transform

    from counterprompt.scoring.clip_folder import OPENAI_MEAN, OPENAI_STD

    transform = image_transform(size, is_train=False, mean=OPENAI_MEAN, std=OPENAI_STD)
    return np.stack([transform(image).numpy() for image in images])


def test_empty_prompt_has_a_score_too(hpsv21, pictures):
    """Without a prompt pictures are held against a neutral text, so that the self-test can be taken."""
    model = load_preference(*hpsv21)

    assert model.score(pictures, "a picture") == model.score(pictures, " <lora:x:1>")


def test_preference_joins_the_other_scores(hpsv21, pictures):
    """What the model says stands in `preference`; the rest is the inner scorer's, and both are in the name."""

    class Inner:
        name = "inner"

        def score(self, images, prompt):
            return [Scores(float(number), 0.5, {"noisy": 0.1}) for number, _ in enumerate(images)]

    model = load_preference(*hpsv21)
    joined = PreferenceScorer(Inner(), model)

    scores = joined.score(pictures, "a circle")

    assert model.score(pictures, "a circle") == [each.preference for each in scores]
    assert [0.0, 1.0, 2.0] == [each.aesthetic for each in scores]
    assert "inner, HPSv2.1 as preference" == joined.name
    assert {} == joined.without({"noisy": "blind"}).score(pictures, "a circle")[0].artifacts


def test_remarks_of_both_are_heard(hpsv21, saved_folder):
    """What became of either one's card is told, through whatever is wrapped around them."""
    inner, model = load_clip_scorer(saved_folder), load_preference(*hpsv21)
    inner.embedder.guest.remarks = ("first",)
    model.embedder.guest.remarks = ("second",)

    wrapped = FilteredScorer(PreferenceScorer(inner, model), {"noisy": "blind"})

    assert ("first", "second") == remarks_of(wrapped)


@pytest.mark.parametrize("key", sorted(PREFERENCES))
def test_licences_are_named(key):
    """Each model says under which permissive licence it may be used, and where it comes from."""
    kind = preference_kind(key)

    assert kind.licence in {"Apache-2.0", "MIT"}
    assert 1 == kind.repository.count("/")


def test_unknown_model_is_refused():
    """A name that is none is answered with those there are."""
    with pytest.raises(InvalidInputError, match=r"'imagereward'; use one of hpsv2\.1, pickscore"):
        preference_kind("imagereward")


@pytest.mark.parametrize(
    ("content", "remark"), [(None, "no weights of PickScore v1"), (b"", "cannot be read"), (b"text", "cannot be read")]
)
def test_missing_or_broken_file_is_named(pickscore, content, remark):
    """A file that is not there or not whole is named."""
    kind, path = pickscore
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(MissingModelError, match=remark):
        load_preference(kind, path)


def test_hostile_file_runs_no_code(hpsv21, tmp_path):
    """A .pt file that asks for code to be run is refused, and nothing runs."""
    import pickle

    class Payload:
        def __reduce__(self):
            return open, (str(tmp_path / "was-here"), "w")

    kind, path = hpsv21
    path.write_bytes(pickle.dumps({"state_dict": Payload()}, protocol=2))

    with pytest.raises(MissingModelError, match="cannot be read"):
        load_preference(kind, path)

    assert not (tmp_path / "was-here").exists()


def test_weights_of_another_model_are_refused(pickscore):
    """Names that no CLIPModel has, and a stack without its keys, are refused."""
    import torch

    _, path = pickscore
    with pytest.raises(MissingModelError, match=r'hold "qformer\.weight"'):
        to_open_clip({"qformer.weight": torch.ones(1)}, path)
    with pytest.raises(MissingModelError, match="lack a part of layer 3"):
        to_open_clip({"text_model.encoder.layers.3.self_attn.q_proj.bias": torch.ones(1)}, path)


@pytest.mark.parametrize("content", [[1, 2], {"state_dict": {"a": 1}}])
def test_file_without_named_weights_is_refused(hpsv21, content):
    """A file that holds something else than named tensors is refused."""
    import torch

    kind, path = hpsv21
    torch.save(content, path)

    with pytest.raises(MissingModelError, match="holds no named weights"):
        load_preference(kind, path)
