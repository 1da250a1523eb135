"""Says which onnxruntime package fits an installation, whether it has it, and what to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from counterprompt.tagging.onnx_packages import ONNX_PACKAGES, OnnxPackage, parse_version


@dataclass(frozen=True)
class OnnxHost:
    """What an installation has, as far as it matters to onnxruntime."""

    python: tuple[int, int]
    """(3, 10) for Python 3.10."""
    platform: str
    """`sys.platform`."""
    cuda: int = 0
    """CUDA's major version that torch runs on, 0 where it runs on none."""
    cudnn: int = 0
    """cuDNN's major version in torch, 0 where it has none."""
    has_rocm: bool = False
    """Whether torch runs on a card of AMD's."""
    protobuf: tuple[int, ...] = ()
    """protobuf's version, () where it is not installed."""
    installed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Installed packages of PACKAGE_NAMES to their versions."""

    @property
    def accelerator(self) -> str:
        """What it could run on beside the CPU, in the words of `OnnxPackage.accelerator`; "cpu" for nothing known."""
        if self.has_rocm:
            return "rocm"
        if self.cuda:
            return "cuda"
        return "apple" if self.platform == "darwin" else "cpu"


@dataclass(frozen=True)
class OnnxAdvice:
    """What fits an installation, and what to do about it."""

    package: OnnxPackage
    """The package that fits best."""
    is_fine: bool
    """Whether taggers run now, be it on the CPU."""
    is_best: bool
    """Whether they could use what the package is for."""
    command: str
    """What to type for the best, "" where nothing is to be done or pip alone cannot do it."""
    reason: str
    """Sentences."""


def fitting_packages(host: OnnxHost, accelerator: str) -> list[OnnxPackage]:
    """Return the rows of the matrix that *host* can use for *accelerator*, best first."""
    return [row for row in ONNX_PACKAGES if row.accelerator == accelerator and _fits(row, host)]


def advise_package(host: OnnxHost) -> OnnxAdvice:
    """Choose a package for *host* and compare it with what is installed."""
    on_cpu = fitting_packages(host, "cpu")[0]
    fitting = fitting_packages(host, host.accelerator)
    best = fitting[0] if fitting else on_cpu
    names = " and ".join(f"{name} {version}" for name, version in host.installed.items())
    if not host.installed:
        # The CPU's package is the one that never fails to start; a card is the user's own decision.
        for_card = (
            f" For the card here {best.requirement} is the one. {best.note}" if fitting and best != on_cpu else ""
        )
        reason = f"No onnxruntime is installed.{for_card}".strip()
        return OnnxAdvice(best, False, False, install_command(on_cpu), reason)
    if len(host.installed) > 1:
        reason = f"{names} are installed in the same place, so one has overwritten parts of the other; keep one."
        return OnnxAdvice(best, False, False, install_command(best, *host.installed), reason)
    ((name, version),) = host.installed.items()
    if any(row.name == name and row.has_version(parse_version(version)) for row in fitting):
        return OnnxAdvice(best, True, True, "", f"{names} fits.")
    if not fitting:
        return OnnxAdvice(best, True, host.accelerator == "cpu", "", f"{_nothing_fits(host)} {names} runs on the CPU.")
    reason = f"{_shortcoming(name, version, host)} {best.note}".strip()
    return OnnxAdvice(best, True, False, install_command(best, name), reason)


def install_command(package: OnnxPackage, *instead_of: str) -> str:
    """Return what to type for *package* in place of what is there, "" where pip alone cannot get it."""
    if not package.is_indexed:
        return ""
    remove = f"pip uninstall -y {' '.join(instead_of)} && " if instead_of else ""
    return f'{remove}pip install "{package.requirement}"'


def _fits(row: OnnxPackage, host: OnnxHost) -> bool:
    return (
        host.platform in row.platforms
        and row.python_from <= host.python < row.python_below
        and row.cuda in {0, host.cuda}
        and row.cudnn in {0, host.cudnn}
        and (not host.protobuf or host.protobuf >= row.protobuf_from)
    )


def _nothing_fits(host: OnnxHost) -> str:
    python = ".".join(map(str, host.python))
    if host.accelerator == "cuda":
        return (
            f"No onnxruntime-gpu is built for Python {python} with torch's CUDA {host.cuda} and cuDNN {host.cudnn} "
            "(and the protobuf that is here)."
        )
    return f"No package for {host.accelerator} is built for Python {python}." if host.accelerator != "cpu" else ""


def _shortcoming(name: str, version: str, host: OnnxHost) -> str:
    """Say why the one installed package does not use the card."""
    row = next((row for row in ONNX_PACKAGES if row.name == name and row.has_version(parse_version(version))), None)
    if row is not None and row.cuda and (row.cuda, row.cudnn) != (host.cuda, host.cudnn):
        return (
            f"{name} {version} is built for CUDA {row.cuda} and cuDNN {row.cudnn}, torch has CUDA {host.cuda} and "
            f"cuDNN {host.cudnn}: without a word it runs on the CPU."
        )
    return f"{name} {version} runs on the CPU."
