"""Civitai's resources and hashes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.infotext.civitai import (
    CivitaiResource,
    NamedHash,
    read_civitai_resources,
    read_named_hashes,
    render_civitai_resources,
    render_named_hashes,
)
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import parse_infotext
from counterprompt.infotext.render import render_infotext

LINE = "Steps: 20, Sampler: Euler, Seed: 1"
RESOURCES = (
    '[{"type":"checkpoint","modelVersionId":290640,"modelName":"Pony Diffusion V6 XL","modelVersionName":"V6 (start: '
    'with this one)"},{"type":"lora","weight":0.8,"modelVersionId":123,"air":"urn:air:sdxl:lora:civitai:1@123"}]'
)
HASHES = '{"vae": "26cc240b77", "lora:detail": "7c6bad76eb", "embed:bad, hands": "aa7651be15", "model": "d4f2ba4681"}'


def test_bare_json_is_read_whole() -> None:
    """Civitai writes its JSON without quotes, and what follows it is still read."""
    text = f"a cat\n{LINE}, Civitai resources: {RESOURCES}, Civitai metadata: {{}}, Hashes: {HASHES}, Version: v1"
    gen_params = parse_infotext(text)

    assert (RESOURCES, "{}", HASHES, "v1") == tuple(
        gen_params.text(label) for label in ("Civitai resources", "Civitai metadata", "Hashes", "Version")
    )
    assert 7 == len(gen_params.fields)
    assert text == render_infotext(gen_params)


def test_resources_are_typed() -> None:
    """Kind, version, names, weight, and everything else as it was."""
    checkpoint, lora = read_civitai_resources(parse_infotext(f"a cat\n{LINE}, Civitai resources: {RESOURCES}"))

    assert CivitaiResource("checkpoint", 290640, "Pony Diffusion V6 XL", "V6 (start: with this one)") == checkpoint
    assert ("lora", 123, 0.8, (("air", '"urn:air:sdxl:lora:civitai:1@123"'),)) == (
        lora.kind,
        lora.model_version_id,
        lora.weight,
        lora.more,
    )


def test_hashes_are_typed() -> None:
    """The kind stands before the colon, the name behind it, and the one checkpoint has no name."""
    assert (
        NamedHash("vae", "", "26cc240b77"),
        NamedHash("lora", "detail", "7c6bad76eb"),
        NamedHash("embed", "bad, hands", "aa7651be15"),
        NamedHash("model", "", "d4f2ba4681"),
    ) == read_named_hashes(parse_infotext(f"a cat\n{LINE}, Hashes: {HASHES}"))


def test_broken_values_are_empty() -> None:
    """Cut-off JSON, and JSON of another kind, say nothing."""
    for text in ("[{", "3", '{"a": 1}', "[1, null]", "[" * 100_000):
        gen_params = GenerationParams("", "", (("Civitai resources", text), ("Hashes", text)))
        assert ((), ()) == (read_civitai_resources(gen_params), read_named_hashes(gen_params))


TEXTS = st.text(max_size=8)
FILLED = st.none() | st.text(min_size=1, max_size=8)
RESOURCE = st.builds(
    CivitaiResource,
    kind=TEXTS,
    model_version_id=st.none() | st.integers(0, 10**9),
    model_name=FILLED,
    version_name=FILLED,
    weight=st.none() | st.floats(-5, 5),
    more=st.lists(st.tuples(st.sampled_from(["air", "url"]), st.sampled_from(["1", '"x"', "null"])), max_size=1).map(
        tuple
    ),
    digest=FILLED,
)
HASH = st.builds(NamedHash, st.sampled_from(["lora", "embed"]), st.text(min_size=1, max_size=8), TEXTS)


@settings(max_examples=150, deadline=None, database=None)
@given(
    st.lists(RESOURCE, max_size=3).map(tuple), st.lists(HASH, max_size=3, unique_by=lambda one: (one.kind, one.name))
)
def test_typed_values_lose_nothing(resources: tuple[CivitaiResource, ...], hashes: list[NamedHash]) -> None:
    """Resources and hashes that are written into an infotext are read from it unchanged."""
    gen_params = GenerationParams("a cat", "", (("Steps", "20"), ("Seed", "1")))
    written = gen_params.with_field("Civitai resources", render_civitai_resources(resources))
    read_back = parse_infotext(render_infotext(written.with_field("Hashes", render_named_hashes(hashes))))

    assert (resources, tuple(hashes)) == (read_civitai_resources(read_back), read_named_hashes(read_back))
