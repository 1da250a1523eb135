"""Opening a model on the CPU or on a card.

No machine here has a card, so `CardRuntime` plays one on top of the real onnxruntime: it lists a card, and its sessions
are CPU sessions that say what a session on that card would say.
"""

import sys
import types

import numpy as np
import onnxruntime
import pytest

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.tagging.providers import PROVIDERS, open_model, trial_input

CUDA, CPU = PROVIDERS["cuda"], PROVIDERS["cpu"]


class CardRuntime:
    """onnxruntime with a card that does as told: "works", "silently falls back", "raises", "fails a run", "NaN"."""

    SessionOptions = onnxruntime.SessionOptions

    def __init__(self, behaviour, card=CUDA):
        self.behaviour = behaviour
        self.card = card
        self.opened = []

    def get_available_providers(self):
        """The card stands first, as in onnxruntime's own packages for cards."""
        return [self.card, CPU]

    def InferenceSession(self, path, options, providers):  # noqa: N802
        """Open the model on the CPU and remember what was asked for."""
        self.opened.append(providers)
        if providers[0] != CPU and self.behaviour == "raises":
            raise RuntimeError("CUDA failure 100: no CUDA-capable device is detected ; GPU=-1\nmore lines")
        session = onnxruntime.InferenceSession(path, options, providers=[CPU])
        return session if providers[0] == CPU else CardSession(session, self)


class CardSession:
    """A session that the card runtime opened on its card."""

    def __init__(self, session, runtime):
        self._session = session
        self._runtime = runtime
        self.may_fall_back = True

    def get_providers(self):
        """What onnxruntime itself would say after a silent fallback is the CPU alone."""
        return [CPU] if self._runtime.behaviour == "silently falls back" else [self._runtime.card, CPU]

    def disable_fallback(self):
        """Remember it."""
        self.may_fall_back = False

    def get_inputs(self):
        """As the model's."""
        return self._session.get_inputs()

    def get_outputs(self):
        """As the model's."""
        return self._session.get_outputs()

    def run(self, names, feeds):
        """Fail or give what the behaviour says."""
        if self._runtime.behaviour == "fails a run" and not self.may_fall_back:
            raise RuntimeError("out of memory")
        outputs = self._session.run(names, feeds)
        return [output * np.nan for output in outputs] if self._runtime.behaviour == "NaN" else outputs


@pytest.fixture
def model(tagger_folder):
    """The colour tagger's ONNX file."""
    return tagger_folder / "model.onnx"


def test_the_cpu_is_the_default(model):
    """Unasked, the model runs on the CPU and no reason is given."""
    opened = open_model(model)

    assert (CPU, "", [CPU]) == (opened.provider, opened.reason, opened.session.get_providers())


@pytest.mark.parametrize("wanted", [name for name in PROVIDERS if name not in {"cpu"}])
def test_a_provider_that_this_onnxruntime_lacks_is_named(model, wanted):
    """With the CPU's real package every other provider ends on the CPU, and the reason names what there is."""
    if PROVIDERS[wanted] in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has it")

    opened = open_model(model, wanted)

    assert CPU == opened.provider
    assert f"It runs on the CPU: this onnxruntime has no {PROVIDERS[wanted]} (it has" in opened.reason


def test_auto_without_a_card_needs_no_reason(model):
    """Where the package is for the CPU, "auto" means the CPU."""
    if {PROVIDERS[name] for name in PROVIDERS} & set(onnxruntime.get_available_providers()) != {CPU}:
        pytest.skip("this onnxruntime is for a card")

    assert (CPU, "") == (open_model(model, "auto").provider, open_model(model, "auto").reason)


@pytest.mark.parametrize("wanted", ["cuda", "auto"])
def test_a_card_that_works_is_used(model, wanted):
    """The session names the card first, a trial run went well, and the silent fallback is off."""
    runtime = CardRuntime("works")

    opened = open_model(model, wanted, runtime)

    assert (CUDA, "") == (opened.provider, opened.reason)
    assert not opened.session.may_fall_back
    assert "2147483648" == runtime.opened[0][0][1]["gpu_mem_limit"]


@pytest.mark.parametrize("wanted", ["cuda", "auto"])
@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("silently falls back", "onnxruntime opened the model on the CPU instead"),
        ("raises", "CUDA failure 100: no CUDA-capable device is detected"),
        ("fails a run", "out of memory"),
        ("NaN", "it gives numbers that are none"),
    ],
)
def test_a_card_that_does_not_work_is_left(model, wanted, behaviour, reason):
    """Each way to fail ends on the CPU with its own reason, in one line."""
    opened = open_model(model, wanted, CardRuntime(behaviour))

    assert (CPU, [CPU]) == (opened.provider, opened.session.get_providers())
    assert f"It runs on the CPU: CUDAExecutionProvider does not work here ({reason}" in opened.reason
    assert "\n" not in opened.reason


def test_directml_is_opened_as_its_page_asks(model, monkeypatch):
    """DirectML wants no memory pattern."""
    options = []
    runtime = CardRuntime("works", PROVIDERS["directml"])
    monkeypatch.setattr(runtime, "InferenceSession", lambda path, given, providers: options.append(given) or 1 / 0)

    with pytest.raises(MissingModelError):
        open_model(model, "directml", runtime)

    assert [False, True] == [one.enable_mem_pattern for one in options]


def test_trial_pictures_fit_the_model(model):
    """Free dimensions become one picture, fixed ones stay."""
    session = open_model(model).session

    ((name, pixels),) = trial_input(session).items()

    fixed = [size for size in session.get_inputs()[0].shape if isinstance(size, int)]
    assert (session.get_inputs()[0].name, 1, np.float32) == (name, pixels.shape[0], pixels.dtype)
    assert fixed == list(pixels.shape[-len(fixed) :])


@pytest.mark.parametrize("pieces", [types.ModuleType("onnxruntime"), None], ids=["in pieces", "missing"])
def test_an_onnxruntime_that_is_none_is_named(model, monkeypatch, pieces):
    """What is left where one package was removed from over another is told, as is a missing one."""
    monkeypatch.setitem(sys.modules, "onnxruntime", pieces)

    with pytest.raises(MissingModelError, match=r"onnxruntime .*`counterprompt doctor` says wh"):
        open_model(model)


def test_an_unknown_provider_is_refused(model):
    """The names that can be used are listed."""
    with pytest.raises(InvalidInputError, match='no provider "gpu"; use auto or one of cpu, cuda, migraphx'):
        open_model(model, "gpu")


def test_a_broken_model_is_broken_on_every_provider(model):
    """A file that onnxruntime cannot read is named in one line, card or none."""
    model.write_bytes(b"\x08\x07not a model")

    for wanted in ("cpu", "auto"):
        with pytest.raises(MissingModelError, match=r"model\.onnx cannot be loaded .*download it again") as caught:
            open_model(model, wanted, CardRuntime("works"))
        assert "\n" not in str(caught.value)
