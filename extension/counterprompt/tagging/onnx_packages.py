"""The version matrix of onnxruntime's packages: which is built for which Python, system and accelerator.

Sources: the packages' own metadata (SCORING_AND_SEARCH.md 3.4) for Python, CUDA and protobuf; the CUDA page of
onnxruntime.ai for cuDNN (8 and 9 exclude each other, PyTorch has 9 since 2.4) and for CUDA 12 being the default since
1.19; AMD's pages for MIGraphX; the package's own page for CoreML on macOS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CPU_PROVIDER: Final = "CPUExecutionProvider"
CUDA_PROVIDER: Final = "CUDAExecutionProvider"

_PC: Final = ("linux", "win32")


@dataclass(frozen=True)
class OnnxPackage:
    """One range of versions of one package."""

    name: str
    """Distribution name."""
    provider: str
    """onnxruntime's name of the execution provider that it is for."""
    accelerator: str
    """What it speaks to: "cpu", "cuda", "rocm", "directx", "intel" or "apple"."""
    platforms: tuple[str, ...]
    """`sys.platform` of the systems that it is built for."""
    version_from: tuple[int, ...] = (1, 17)
    """First version of the range."""
    version_below: tuple[int, ...] = ()
    """First version after the range, () where it has no end."""
    python_from: tuple[int, int] = (3, 10)
    """Oldest Python that counts here."""
    python_below: tuple[int, int] = (3, 99)
    """First Python that it is not built for."""
    cuda: int = 0
    """CUDA's major version that it is built with, 0 for none."""
    cudnn: int = 0
    """cuDNN's major version that it is built with, 0 for none."""
    protobuf_from: tuple[int, ...] = ()
    """Oldest protobuf that it admits, () for any."""
    is_indexed: bool = True
    """Whether pip finds it in the usual index."""
    note: str = ""
    """What else to know, a clause."""

    @property
    def requirement(self) -> str:
        """The range as pip reads it: "onnxruntime-gpu>=1.20,<1.24"."""
        below = f",<{_dotted(self.version_below)}" if self.version_below else ""
        return f"{self.name}>={_dotted(self.version_from)}{below}"

    def has_version(self, version: tuple[int, ...]) -> bool:
        """Return whether *version* lies in the range."""
        return self.version_from <= version and (not self.version_below or version < self.version_below)


def parse_version(text: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: "1.23.2+rocm7" -> (1, 23, 2)."""
    numbers = []
    for part in text.split("+")[0].split("."):
        if not (part.isascii() and part.isdigit()):
            break
        numbers.append(int(part))
    return tuple(numbers)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _cuda(version_from: tuple[int, ...], version_below: tuple[int, ...], cuda: int, cudnn: int) -> OnnxPackage:
    # 1.24 is the first without wheels for Python 3.10, 1.27 the first for CUDA 13 and with a need for protobuf 4.25.8.
    is_for_old_python, is_newest = version_below == (1, 24), not version_below
    return OnnxPackage(
        "onnxruntime-gpu",
        CUDA_PROVIDER,
        "cuda",
        _PC,
        version_from,
        version_below,
        python_from=(3, 10) if is_for_old_python or cuda == 11 else (3, 11),
        python_below=(3, 11) if is_for_old_python else (3, 13) if cuda == 11 else (3, 99),
        cuda=cuda,
        cudnn=cudnn,
        protobuf_from=(4, 25, 8) if is_newest else (),
    )


ONNX_PACKAGES: Final = (
    OnnxPackage("onnxruntime", CPU_PROVIDER, "cpu", (*_PC, "darwin"), version_below=(1, 24), python_below=(3, 11)),
    OnnxPackage("onnxruntime", CPU_PROVIDER, "cpu", (*_PC, "darwin"), python_from=(3, 11)),
    OnnxPackage(
        "onnxruntime",
        "CoreMLExecutionProvider",
        "apple",
        ("darwin",),
        note="the usual package has CoreML on macOS, so onnxruntime-silicon and onnxruntime-coreml are not needed",
    ),
    _cuda((1, 17), (1, 19), cuda=11, cudnn=8),
    _cuda((1, 20), (1, 24), cuda=12, cudnn=9),
    _cuda((1, 20), (1, 27), cuda=12, cudnn=9),
    _cuda((1, 27), (), cuda=13, cudnn=9),
    OnnxPackage(
        "onnxruntime-directml",
        "DmlExecutionProvider",
        "directx",
        ("win32",),
        note="for any DirectX 12 card, AMD's and Intel's too",
    ),
    OnnxPackage(
        "onnxruntime-migraphx",
        "MIGraphXExecutionProvider",
        "rocm",
        ("linux",),
        is_indexed=False,
        note="AMD publishes the wheel for each ROCm version on its own pages",
    ),
    OnnxPackage(
        "onnxruntime-rocm",
        "ROCMExecutionProvider",
        "rocm",
        ("linux",),
        is_indexed=False,
        note="AMD's older wheels, whose place onnxruntime-migraphx took",
    ),
    OnnxPackage(
        "onnxruntime-openvino",
        "OpenVINOExecutionProvider",
        "intel",
        _PC,
        note="at half precision taggers give nonsense there",
    ),
)
"""The matrix; the first row that fits an accelerator is the best one."""

PACKAGE_NAMES: Final = tuple(dict.fromkeys(row.name for row in ONNX_PACKAGES))
"""All of them install the one folder `onnxruntime`: where two are there, the later one overwrote the earlier."""
