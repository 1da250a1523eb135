"""Encoding prompts by AUTOMATIC1111's rules."""

import pytest

from counterprompt.generation.checkpoint_loading import load_checkpoint
from counterprompt.generation.text_encoding import TextEncoder, chunks_of, emphasized

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")


@pytest.fixture(scope="module")
def checkpoint(tiny_file):
    return load_checkpoint(tiny_file, "cpu")


@pytest.fixture
def encoder(checkpoint):
    with torch.inference_mode():
        yield TextEncoder(checkpoint)


def sizes(text, checkpoint):
    return [len(chunk) for chunk in chunks_of(text, checkpoint.text_models[0].tokenizer)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0]),
        ("a red house", [3]),
        ("house " * 75, [75]),
        ("house " * 76, [75, 1]),
        ("a house BREAK red", [2, 1]),
        ("BREAK red", [0, 1]),
        ("house " * 60 + ", " + "red " * 20, [61, 20]),  # a comma within the last 20 tokens ends the chunk
        ("house " * 40 + ", " + "red " * 40, [75, 6]),  # this one lies further back
        ("house " * 74 + ", red", [75, 1]),
        ("house " * 75 + ", red", [75, 2]),
    ],
)
def test_chunks_hold_75_tokens_and_end_at_commas(checkpoint, text, expected):
    """Prompts are cut into chunks of 75 tokens, at BREAK, and after a comma near the end of a full chunk."""
    assert expected == sizes(text, checkpoint)


def test_emphasis_goes_with_its_tokens(checkpoint):
    """Each token carries the emphasis of the brackets around it."""
    chunk = chunks_of("a (red:1.5) house", checkpoint.text_models[0].tokenizer)[0]

    assert [1.0, 1.5, 1.0] == [emphasis for _, emphasis in chunk]


def test_emphasis_multiplies_and_keeps_the_mean():
    """Emphasized tokens grow against the others while the mean stays."""
    hidden = torch.rand(1, 77, 4) + 0.1
    factors = torch.ones(1, 77)
    factors[0, 3] = 2.0

    strong = emphasized(hidden, factors)

    assert torch.allclose(hidden.mean(), strong.mean(), rtol=1e-5)
    ratio = strong / hidden
    assert torch.allclose(2 * ratio[0, 4], ratio[0, 3])
    assert emphasized(hidden, torch.ones(1, 77)) is hidden


def test_encoding_equals_the_text_model(encoder, checkpoint):
    """A short prompt without syntax is encoded as transformers itself does it."""
    model = checkpoint.text_models[0]
    ids = model.tokenizer("a red house", padding="max_length", max_length=77, return_tensors="pt")["input_ids"]
    expected = model.encoder(input_ids=ids).last_hidden_state[0]

    actual = encoder.encode("a red house", steps=4).at(0).hidden

    assert torch.allclose(expected, actual, atol=1e-5)


def test_clip_skip_takes_an_earlier_layer(encoder, checkpoint):
    """CLIP skip 2 is the last but one layer through the final norm; CLIP skip 1 has nothing to do with it."""
    model = checkpoint.text_models[0]
    ids = model.tokenizer("a red house", padding="max_length", max_length=77, return_tensors="pt")["input_ids"]
    hidden = model.encoder(input_ids=ids, output_hidden_states=True).hidden_states[-2]
    expected = getattr(model.encoder, "text_model", model.encoder).final_layer_norm(hidden)[0]

    actual = encoder.encode("a red house", steps=4, clip_skip=2).at(0).hidden

    assert torch.allclose(expected, actual, atol=1e-5)
    assert not torch.allclose(encoder.encode("a red house", steps=4).at(0).hidden, actual, atol=1e-2)


def test_schedules_change_the_encoding_at_their_step(encoder):
    """`[from:to:0.5]` of 4 steps shows "from" up to denoiser call 2, as the host counts, and "to" afterwards."""
    encoding = encoder.encode("a [red:blue:0.5] house", steps=4)

    before, after = (encoder.encode(f"a {word} house", steps=4).at(0).hidden for word in ("red", "blue"))
    for call, expected in enumerate((before, before, before, after)):
        assert torch.allclose(expected, encoding.at(call).hidden, atol=1e-5)


def test_stages_of_one_prompt_have_one_length(encoder):
    """A stage shorter than another stage of its prompt is filled up with empty chunks."""
    encoding = encoder.encode("a [house:" + "red " * 80 + ":2]", steps=4)

    assert [154, 154] == [len(encoding.at(call).hidden) for call in (0, 3)]


def test_encodings_are_remembered_for_the_same_weights(encoder):
    """The same text is encoded once; other LoRAs in the text encoder make it another one."""
    first = encoder.encode("house", steps=4, weights_key=1)

    assert first is encoder.encode("house", steps=4, weights_key=1)
    assert first is not encoder.encode("house", steps=4, weights_key=2)
