"""Pictures from a WebUI's REST API."""

import base64
import importlib.util
import socket
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.webui_api import WebuiGenerator
from counterprompt.ports import GenerationRequest

spec = importlib.util.spec_from_file_location("webui_stand_in", Path(__file__).with_name("webui_stand_in.py"))
webui_stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(webui_stand_in)

TXT2IMG = "/sdapi/v1/txt2img"


@pytest.fixture
def host():
    stand_in = webui_stand_in.StandIn()
    yield stand_in
    stand_in.close()


def generator_for(host, **changes):
    return WebuiGenerator(host.url, **{"retries": 2, "backoff_s": 0.01, "timeout_s": 5.0, **changes})


def a_request(**changes):
    fields = {"prompt": "a house", "negative_prompt": "blurry", "seed": 7, "steps": 2, "width": 16, "height": 8}
    return GenerationRequest(**{**fields, **changes})


def refusal(generator, request=None):
    with pytest.raises(GeneratorError) as caught:
        generator.generate([request or a_request()])
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_request_is_sent_in_the_hosts_words(host):
    """The body holds the request under the API's names, saves nothing and overrides nothing."""
    picture = generator_for(host).generate([a_request(cfg_scale=6.5, scheduler="Karras")])[0]

    body = host.bodies()[0]
    expected = {
        "prompt": "a house",
        "negative_prompt": "blurry",
        "seed": 7,
        "steps": 2,
        "sampler_name": "Euler",
        "scheduler": "Karras",
        "cfg_scale": 6.5,
        "width": 16,
        "height": 8,
        "batch_size": 1,
        "n_iter": 1,
        "save_images": False,
        "do_not_save_samples": True,
        "do_not_save_grid": True,
    }
    assert expected == {key: body[key] for key in expected}
    assert "override_settings" not in body
    assert ("RGB", (16, 8), 7) == (picture.mode, picture.size, picture.getpixel((0, 0))[0])


def test_only_consecutive_seeds_share_a_call(host):
    """Requests share a call where nothing but a seed one higher differs, in batches no larger than asked for."""
    requests = [
        *(a_request(seed=seed) for seed in (1, 2, 3, 4, 9)),
        a_request(seed=10, negative_prompt="noise"),
        a_request(seed=11, negative_prompt="noise"),
        a_request(seed=11),
    ]

    pictures = generator_for(host, batch_size=3).generate(requests)

    assert [(1, 3), (4, 1), (9, 1), (10, 2), (11, 1)] == [(body["seed"], body["batch_size"]) for body in host.bodies()]
    assert [1, 2, 3, 4, 9, 10, 11, 11] == [picture.getpixel((0, 0))[0] for picture in pictures]


def test_grid_and_extra_pictures_are_left_out(host):
    """A grid in front, as `index_of_first_image` tells, and pictures of scripts behind are left out."""
    answer = {
        "images": [webui_stand_in.png(seed, (16, 8)) for seed in (99, 7, 98)],
        "info": '{"index_of_first_image": 1}',
    }
    host.answer = lambda path, body, usual=host.answer: (200, answer) if path == TXT2IMG else usual(path, body)

    assert 7 == generator_for(host).generate([a_request()])[0].getpixel((0, 0))[0]


@pytest.mark.parametrize("forgets", [False, True])
def test_clip_skip_is_overridden_and_restored(host, forgets):
    """Another CLIP skip than the host's is overridden for the call, and the host's is there again afterwards."""
    host.forgets_to_restore = forgets

    generator_for(host).generate([a_request(clip_skip=2)])

    assert {"CLIP_stop_at_last_layers": 2} == host.bodies()[0]["override_settings"]
    assert 1 == host.options["CLIP_stop_at_last_layers"]


def test_loras_are_named_with_their_aliases(host):
    """LoRAs go by name and by alias; a host without the route cannot tell, and is believed."""
    assert frozenset({"style", "trained"}) == generator_for(host).lora_names()
    host.missing.add("/sdapi/v1/loras")
    assert generator_for(host).lora_names() is None
    assert 1 == len(generator_for(host).generate([a_request(prompt="<lora:anything:1>")]))


def test_new_loras_are_found_without_a_restart(host):
    """A LoRA that appeared after the first look is found."""
    generator = generator_for(host)
    assert "style, trained" in refusal(generator, a_request(prompt="<lora:new:1>"))

    host.loras.append({"name": "new", "alias": "new"})

    assert 1 == len(generator.generate([a_request(prompt="<lora:new:1>")]))


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"sampler_name": "Nope"}, 'no sampler "Nope"; choose one of: DPM++ 2M, Euler'),
        ({"scheduler": "Nope"}, 'no schedule type "Nope"'),
        ({"prompt": "<lora:nope:1>"}, 'no LoRA "nope"'),
        ({"prompt": "<lora:style:much>"}, "not a number"),
    ],
)
def test_what_the_host_would_silently_replace_is_refused(host, changes, hint):
    """An unknown sampler, schedule type or LoRA is refused before anything is generated."""
    assert hint in refusal(generator_for(host), a_request(**changes))
    assert [] == host.bodies()


def test_labels_from_before_the_schedule_menu_pass(host):
    """The label "DPM++ 2M Karras" is sampler and schedule in one, which the host still understands."""
    assert 1 == len(generator_for(host).generate([a_request(sampler_name="DPM++ 2M Karras")]))


def test_host_without_schedulers_is_served(host):
    """Forge Classic has no such route; its schedule types go unchecked."""
    host.missing.add("/sdapi/v1/schedulers")

    assert 1 == len(generator_for(host).generate([a_request(scheduler="Anything")]))


def test_login(host):
    """The user and password are sent as HTTP Basic; without them the host's refusal is explained."""
    host.auth = "Basic " + base64.b64encode(b"me:p:w").decode()

    assert 1 == len(generator_for(host, auth="me:p:w").generate([a_request()]))
    assert "--api-auth" in refusal(generator_for(host))
    assert "--api-auth" in refusal(generator_for(host, auth="me:wrong"))


def test_host_without_api_is_recognised(host):
    """A WebUI started without --api answers 404 everywhere below /sdapi."""
    host.answer = lambda path, body: (404, {"detail": "Not Found"})

    assert "--api" in refusal(generator_for(host))


def test_refused_field_is_named(host):
    """A 422 answer is turned into the field's name and is not sent again."""
    assert '"steps" (value is not a valid integer)' in refusal(generator_for(host), a_request(steps=999))
    assert 1 == len(host.bodies())


@pytest.mark.parametrize("fault", [None, (500, b'{"error": "Oops"}'), (503, b"busy")])
def test_passing_faults_are_tried_again(host, fault):
    """A reset connection and 5xx answers are tried again."""
    host.faults = [fault, fault]

    assert 1 == len(generator_for(host).generate([a_request()]))


def test_lasting_faults_are_told(host):
    """A fault that stays is told with the host's own message, after three attempts in all."""
    generator = generator_for(host)
    generator.generate([a_request()])
    host.calls.clear()
    oom = b'{"error": "OutOfMemoryError", "detail": "", "body": "", "errors": "CUDA out of memory"}'
    host.answer = lambda path, body, usual=host.answer: (500, {}) if path == TXT2IMG else usual(path, body)
    assert "failed (500)" in refusal(generator)
    assert 3 == len(host.bodies())

    host.faults = [(200, b"{}"), *[(500, oom)] * 3]
    assert "OutOfMemoryError: CUDA out of memory" in refusal(generator)
    host.faults = [(200, b"{}"), *[None] * 3]
    assert "broke the connection off" in refusal(generator)


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ((200, b"<html>"), "not JSON"),
        ((200, b'{"samplers": 1}'), None),
        ((302, b""), "redirects"),
        ((401, b""), "--api-auth"),
        ((418, b"tea"), "418"),
        ((422, b'{"detail": "odd"}'), "odd"),
    ],
)
def test_odd_answers(host, fault, hint):
    """Answers that no WebUI gives are told in one sentence, or passed over where they do no harm."""
    host.faults = [fault]

    if hint is None:
        assert 1 == len(generator_for(host).generate([a_request()]))
    else:
        assert hint in refusal(generator_for(host))


@pytest.mark.parametrize(
    ("images", "hint"),
    [
        ([], "0 of 1"),
        ("x", "images"),
        ([7], "cannot be decoded"),
        (["!!!"], "cannot be decoded"),
        ([base64.b64encode(b"GIF89a").decode()], "cannot be decoded"),
        ([webui_stand_in.png(1, (16, 8))[:60]], "cannot be decoded"),
        ([webui_stand_in.png_of_edge(60_000)], "cannot be decoded"),
        ([webui_stand_in.png(1, (999, 8))], "999x8"),
        (["A" * 30_000_000], "larger than"),
    ],
)
def test_broken_pictures_are_refused(host, images, hint):
    """Missing, broken, wrongly sized and endless pictures are refused."""
    host.images = images

    assert hint in refusal(generator_for(host))


def test_transparent_pictures_become_rgb(host):
    """Forge's stealth infotext makes pictures RGBA; they come out RGB."""
    host.images = ["data:image/png;base64," + webui_stand_in.png(5, (16, 8), "RGBA")]

    assert "RGB" == generator_for(host).generate([a_request()])[0].mode


def test_nothing_listening_is_told():
    """A refused connection says so at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert "Nothing listens" in refusal(WebuiGenerator(f"http://127.0.0.1:{port}"))


def test_unknown_host_is_told():
    """A host name that does not exist is told."""
    assert "cannot be found" in refusal(WebuiGenerator("http://nowhere.invalid", retries=0))


def test_silence_is_told_after_the_timeout():
    """A host that accepts and says nothing is given up after the timeout."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"

        assert "0.05 s" in refusal(WebuiGenerator(url, timeout_s=0.05, retries=1, backoff_s=0.01))


@pytest.mark.parametrize(
    ("url", "auth"),
    [
        ("", None),
        ("127.0.0.1:7860", None),
        ("ftp://host", None),
        ("http://", None),
        ("http://host:99999", None),
        ("http://me:pw@host", None),
        ("http://host/?x=1", None),
        ("http://127.0.0.1..:7860", None),
        (f"http://{'a' * 70}:7860", None),
        ("http://host", "nocolon"),
    ],
)
def test_malformed_addresses_are_refused_at_once(url, auth):
    """What is no plain address or login is refused before anything is sent, and no password is repeated."""
    with pytest.raises(InvalidInputError) as caught:
        WebuiGenerator(url, auth)
    assert "pw" not in str(caught.value)


def test_a_path_may_have_any_letters(host):
    """What stands before the API travels as a URL has it, and the answer is understood."""
    assert "has no /sdapi" in refusal(WebuiGenerator(f"{host.url}/my ü"))
    assert {"/my%20%C3%BC/sdapi/v1/samplers"} <= {path for path, _ in host.calls}


def test_name_and_checkpoint(host):
    """The generator names its host, and the host its checkpoint."""
    generator = WebuiGenerator(host.url + "/")

    assert (f"webui: {host.url}", 4) == (generator.name, generator.batch_size)
    assert "tiny.safetensors [15234174dd]" == generator.checkpoint_name()
