"""What is read of the installation for onnxruntime's sake."""

import sys

import pytest

from counterprompt.tagging.onnx_host import answer_about, read_host


@pytest.mark.parametrize(
    ("cuda", "cudnn", "has_rocm", "expected"),
    [
        ("12.1", 8902, False, (12, 8, "cuda")),
        ("12.8", 90100, False, (12, 9, "cuda")),
        ("13.0", 91300, False, (13, 9, "cuda")),
        ("11.8", 8700, False, (11, 8, "cuda")),
        (None, 90100, True, (0, 0, "rocm")),
        (None, None, False, (0, 0, "apple" if sys.platform == "darwin" else "cpu")),
    ],
)
def test_torchs_versions_become_majors(cuda, cudnn, has_rocm, expected):
    """CUDA is spelled with a dot, cuDNN as a number that grew a digit with version 9."""
    host = read_host(cuda, cudnn, has_rocm=has_rocm)

    assert expected == (host.cuda, host.cudnn, host.accelerator)


def test_this_installation_is_described():
    """Python, system and the installed packages are this process's own."""
    import onnxruntime

    host = read_host()

    assert (sys.version_info[:2], sys.platform) == (host.python, host.platform)
    assert onnxruntime.__version__ in host.installed.values()


def test_the_model_is_really_opened(tagger_folder):
    """What taggers run on is found by running one; where none can, the sentence stands in its place."""
    assert "CPUExecutionProvider" == answer_about(read_host(), tagger_folder / "model.onnx", "cpu")["runs_on"]

    broken = answer_about(read_host(), tagger_folder / "nowhere.onnx", "cpu")

    assert "" == broken["runs_on"]
    assert "cannot be loaded" in broken["why"]
