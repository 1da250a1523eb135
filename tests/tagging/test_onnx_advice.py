"""Which onnxruntime package fits which installation."""

import pytest

from counterprompt.tagging.onnx_advice import OnnxHost, advise_package, fitting_packages

A1111 = OnnxHost((3, 10), "linux", cuda=12, cudnn=8, protobuf=(3, 20, 0))
"""AUTOMATIC1111 1.10.1 as it installs itself: torch 2.1.2 for CUDA 12.1, which has cuDNN 8."""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (OnnxHost((3, 10), "linux"), "onnxruntime>=1.17,<1.24"),
        (OnnxHost((3, 13), "win32"), "onnxruntime>=1.17"),
        (OnnxHost((3, 12), "darwin"), "onnxruntime>=1.17"),
        (OnnxHost((3, 10), "linux", cuda=11, cudnn=8), "onnxruntime-gpu>=1.17,<1.19"),
        (OnnxHost((3, 10), "win32", cuda=12, cudnn=9), "onnxruntime-gpu>=1.20,<1.24"),
        (OnnxHost((3, 11), "linux", cuda=12, cudnn=9), "onnxruntime-gpu>=1.20,<1.27"),
        (OnnxHost((3, 11), "linux", cuda=12, cudnn=9, protobuf=(3, 20, 0)), "onnxruntime-gpu>=1.20,<1.27"),
        (OnnxHost((3, 13), "linux", cuda=13, cudnn=9, protobuf=(6, 1)), "onnxruntime-gpu>=1.27"),
        (OnnxHost((3, 12), "linux", has_rocm=True), "onnxruntime-migraphx>=1.17"),
        # Nothing fits these, so the CPU's package does:
        (A1111, "onnxruntime>=1.17,<1.24"),
        (OnnxHost((3, 10), "linux", cuda=13, cudnn=9), "onnxruntime>=1.17,<1.24"),
        (OnnxHost((3, 11), "linux", cuda=13, cudnn=9, protobuf=(3, 20, 0)), "onnxruntime>=1.17"),
    ],
)
def test_the_package_follows_python_torch_and_protobuf(host, expected):
    """Each installation gets the one range that runs there."""
    assert expected == advise_package(host).package.requirement


@pytest.mark.parametrize(
    ("accelerator", "platform", "expected"),
    [
        ("directx", "win32", ["DmlExecutionProvider"]),
        ("directx", "linux", []),
        ("intel", "linux", ["OpenVINOExecutionProvider"]),
        ("apple", "darwin", ["CoreMLExecutionProvider"]),
        ("rocm", "linux", ["MIGraphXExecutionProvider", "ROCMExecutionProvider"]),
        ("rocm", "win32", []),
    ],
)
def test_other_accelerators_are_named(accelerator, platform, expected):
    """DirectML, OpenVINO, CoreML and AMD's two are found under onnxruntime's own names."""
    assert expected == [row.provider for row in fitting_packages(OnnxHost((3, 11), platform), accelerator)]


def _with(host_arguments, **installed):
    names = {"cpu": "onnxruntime", "gpu": "onnxruntime-gpu"}
    return OnnxHost(**host_arguments, installed={names[key]: version for key, version in installed.items()})


CUDA12 = {"python": (3, 11), "platform": "linux", "cuda": 12, "cudnn": 9}
NO_CARD = {"python": (3, 11), "platform": "linux"}


@pytest.mark.parametrize(
    ("host", "is_fine", "is_best", "command", "sentence"),
    [
        (_with(NO_CARD, cpu="1.31.1"), True, True, "", "onnxruntime 1.31.1 fits."),
        (_with(NO_CARD), False, False, 'pip install "onnxruntime>=1.17"', "No onnxruntime is installed."),
        (
            _with(CUDA12),
            False,
            False,
            'pip install "onnxruntime>=1.17"',
            "No onnxruntime is installed. For the card here onnxruntime-gpu>=1.20,<1.27 is the one.",
        ),
        (
            _with(CUDA12, cpu="1.26.0"),
            True,
            False,
            'pip uninstall -y onnxruntime && pip install "onnxruntime-gpu>=1.20,<1.27"',
            "onnxruntime 1.26.0 runs on the CPU.",
        ),
        (_with(CUDA12, gpu="1.23.2"), True, True, "", "onnxruntime-gpu 1.23.2 fits."),
        (
            _with(CUDA12, gpu="1.31.1"),
            True,
            False,
            'pip uninstall -y onnxruntime-gpu && pip install "onnxruntime-gpu>=1.20,<1.27"',
            "onnxruntime-gpu 1.31.1 is built for CUDA 13 and cuDNN 9, torch has CUDA 12 and cuDNN 9: "
            "without a word it runs on the CPU.",
        ),
        (
            _with(CUDA12, cpu="1.31.1", gpu="1.23.2"),
            False,
            False,
            'pip uninstall -y onnxruntime onnxruntime-gpu && pip install "onnxruntime-gpu>=1.20,<1.27"',
            "onnxruntime 1.31.1 and onnxruntime-gpu 1.23.2 are installed in the same place, so one has overwritten "
            "parts of the other; keep one.",
        ),
        (
            _with({"python": (3, 10), "platform": "linux", "cuda": 12, "cudnn": 8}, cpu="1.23.2"),
            True,
            False,
            "",
            "No onnxruntime-gpu is built for Python 3.10 with torch's CUDA 12 and cuDNN 8 (and the protobuf that is "
            "here). onnxruntime 1.23.2 runs on the CPU.",
        ),
        (
            _with({"python": (3, 12), "platform": "linux", "has_rocm": True}, cpu="1.31.1"),
            True,
            False,
            "",
            "onnxruntime 1.31.1 runs on the CPU. AMD publishes the wheel for each ROCm version on its own pages",
        ),
    ],
    ids=[
        "fits",
        "none",
        "none and a card",
        "could use the card",
        "on the card",
        "another CUDA",
        "both",
        "A1111",
        "AMD",
    ],
)
def test_what_is_installed_is_judged(host, is_fine, is_best, command, sentence):
    """What is there, what is wrong with it and what to type are told apart."""
    advice = advise_package(host)

    assert (is_fine, is_best) == (advice.is_fine, advice.is_best)
    assert command == advice.command
    assert sentence == advice.reason
