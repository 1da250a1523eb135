"""Models that load on use, are shared and rest when idle."""

import shutil
import threading
import time

import numpy as np
import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging import sessions
from counterprompt.tagging.onnx_packages import CPU_PROVIDER, CUDA_PROVIDER
from counterprompt.tagging.providers import open_model, trial_input
from counterprompt.tagging.sessions import ModelSession, close_shared_sessions, shared_reasons, shared_session
from counterprompt.tagging.wd import WdTagger


@pytest.fixture
def model(tagger_folder):
    """The colour tagger's ONNX file."""
    return tagger_folder / "model.onnx"


@pytest.fixture(autouse=True)
def _nothing_shared():
    yield
    close_shared_sessions()
    sessions._SHARED.clear()


@pytest.fixture
def loads(monkeypatch):
    """List what is loaded, while it is really loaded."""
    loaded = []

    def open_and_count(path, wanted, runtime):
        loaded.append((path.name, wanted))
        return open_model(path, wanted, runtime)

    monkeypatch.setattr(sessions, "open_model", open_and_count)
    return loaded


def _run(session):
    return session.run(None, trial_input(session))[0]


def test_the_model_is_loaded_once(model, loads):
    """Nothing is loaded before the first use, and no use loads it again."""
    session = ModelSession(model)
    assert ([], False, "") == (loads, session.is_loaded, session.provider)

    first, second = _run(session), _run(session)

    assert [("model.onnx", "cpu")] == loads
    assert CPU_PROVIDER == session.provider
    np.testing.assert_array_equal(first, second)


def test_it_says_what_the_real_one_says(model):
    """Inputs and outputs are onnxruntime's own, and known while the model is unloaded."""
    real, session = open_model(model).session, ModelSession(model)
    session.get_inputs()
    session.close()

    for theirs, ours in zip(
        [*real.get_inputs(), *real.get_outputs()], [*session.get_inputs(), *session.get_outputs()], strict=True
    ):
        assert (theirs.name, theirs.shape, theirs.type) == (ours.name, list(ours.shape), ours.type)
    assert not session.is_loaded


def test_an_idle_model_is_unloaded_and_comes_back(model, loads):
    """After the seconds without use it is gone; the next use loads it again and answers as before."""
    session = ModelSession(model, idle_s=0.05)
    before = _run(session)
    assert session.is_loaded

    for _ in range(200):
        if not session.is_loaded:
            break
        time.sleep(0.01)

    assert not session.is_loaded
    np.testing.assert_array_equal(before, _run(session))
    assert 2 == len(loads)


def test_use_puts_the_rest_off(model, loads):
    """When the time is up that was set at the first use, a model that was used since is left alone."""
    session = ModelSession(model, idle_s=60)
    _run(session)
    _run(session)

    session._look()  # what the timer of the first use calls

    assert session.is_loaded
    _run(session)
    assert 1 == len(loads)
    session.close()


@pytest.mark.parametrize(("idle_s", "expected"), [(0, False), (-1, True), (60, True)])
def test_the_seconds_can_be_set(model, idle_s, expected):
    """0 unloads after each run, a negative number never."""
    session = ModelSession(model, idle_s=idle_s)

    _run(session)

    assert expected == session.is_loaded
    session.close()


def test_threads_share_one_load(model, loads):
    """Two threads that come at once load the model once and both get their answer."""
    session, answers = ModelSession(model), []
    threads = [threading.Thread(target=lambda: answers.append(_run(session))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (1, 4) == (len(loads), len(answers))


def test_taggers_of_one_folder_share_a_session(tagger_folder, loads):
    """Building a tagger again, as every dropped picture may, loads nothing again."""
    from PIL import Image

    for _ in range(3):
        WdTagger(tagger_folder).tag([Image.new("RGB", (8, 8), "blue")])

    assert 1 == len(loads)


def test_a_replaced_file_is_another_model(model, tmp_path):
    """After the ONNX file was replaced, the old session is not the one that is shared."""
    first = shared_session(model)
    assert first is shared_session(model)
    newer = shutil.copy(model, tmp_path / "newer.onnx")
    import os

    os.utime(newer, ns=(1, 1))
    os.replace(newer, model)

    assert first is not shared_session(model)


class FailingCard:
    """A runtime whose card works in the trial run and fails afterwards, as one does that another program fills."""

    def __init__(self):
        import onnxruntime

        self._real = onnxruntime
        self.SessionOptions = onnxruntime.SessionOptions

    def get_available_providers(self):
        """A card and the CPU."""
        return [CUDA_PROVIDER, CPU_PROVIDER]

    def InferenceSession(self, path, options, providers):  # noqa: N802
        """A real session; the card's counts its runs."""
        session = self._real.InferenceSession(path, options, providers=[CPU_PROVIDER])
        if providers[0] == CPU_PROVIDER:
            return session
        real_run, runs = session.run, []

        def run(names, feeds):
            runs.append(1)
            if len(runs) > 1:
                raise RuntimeError("CUDA error: out of memory")
            return real_run(names, feeds)

        session.run = run
        session.get_providers = lambda: [CUDA_PROVIDER, CPU_PROVIDER]
        return session


def test_a_card_that_fails_later_is_left_for_good(model):
    """Out of memory in the middle of work, the picture is tagged on the CPU, and so are all after it."""
    session = ModelSession(model, "cuda", runtime=FailingCard())
    expected = _run(ModelSession(model))

    np.testing.assert_array_equal(expected, _run(session))

    assert CPU_PROVIDER == session.provider
    assert "It runs on the CPU: CUDAExecutionProvider failed (CUDA error: out of memory)." == session.reason
    _run(session)
    assert CPU_PROVIDER == session.provider


def test_a_fault_on_the_cpu_is_a_fault(model):
    """What fails on the CPU is not tried again elsewhere."""
    session = ModelSession(model)

    with pytest.raises(Exception, match="Required inputs"):
        session.run(None, {})

    model.write_bytes(b"")
    session.close()
    with pytest.raises(MissingModelError, match="cannot be loaded"):
        _run(session)


def test_reasons_are_collected(model):
    """Who shows the tags can show why they did not come from the card."""
    assert () == shared_reasons()

    _run(shared_session(model, "cuda"))

    assert all("It runs on the CPU: this onnxruntime has no CUDAExecutionProvider" in why for why in shared_reasons())
