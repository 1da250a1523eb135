"""The import rules of ARCHITECTURE.md, read off the source without running it."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "extension" / "counterprompt"

VALUES = frozenset({"errors", "infotext", "prompts", "negative", "tags", "advice"})
ADAPTERS = frozenset({"imagefile", "tagging", "scoring", "generation", "inventory"})
INNER = VALUES | {"memory", "places", "ports", "webui_login", "whole_files"}
CORE = INNER | {"settings", "jobs", "search", "report"}
DOORS = frozenset({"cli", "webui"})

MAY_IMPORT: dict[str, frozenset[str]] = {
    "__init__": frozenset(),
    **dict.fromkeys(VALUES, VALUES),
    "memory": frozenset({"errors"}),
    "places": frozenset(),
    "ports": VALUES,
    "webui_login": frozenset({"errors"}),
    "whole_files": frozenset({"errors"}),
    "settings": VALUES | {"places"},
    "jobs": frozenset({"errors", "places"}),
    **dict.fromkeys(ADAPTERS, INNER),
    "search": INNER,
    "report": INNER | {"search"},
    "miniature": INNER | ADAPTERS,
    "workflow": CORE,
    "bootstrap": CORE | ADAPTERS | {"miniature", "workflow"},
    **dict.fromkeys(DOORS, CORE | {"bootstrap", "workflow"}),
}
"""Part of the package to the other parts it may import; every part may import itself."""

PICTURES = frozenset({"numpy", "PIL"})
MAY_USE: dict[str, frozenset[str]] = {
    "ports": frozenset({"PIL"}),
    "imagefile": PICTURES,
    "tagging": PICTURES | {"onnxruntime", "filelock"},
    "scoring": PICTURES | {"torch", "open_clip", "safetensors"},
    "generation": PICTURES | {"torch", "diffusers", "transformers", "safetensors", "yaml"},
    "jobs": frozenset({"yaml"}),
    "search": PICTURES | {"optuna", "sqlalchemy", "threadpoolctl"},
    "report": PICTURES,
    "miniature": PICTURES | {"torch", "diffusers", "transformers", "safetensors", "open_clip", "onnx", "onnxruntime"},
    "workflow": frozenset({"PIL"}),
    "bootstrap": frozenset({"PIL", "torch", "onnxruntime", "optuna_dashboard"}),
    "cli": frozenset({"typer", "rich", "PIL"}),
    "webui": PICTURES | {"gradio", "modules", "modules_forge", "fastapi", "pydantic", "torch"},
}
"""Part of the package to the third-party packages it may import; the parts not named here have none but the stdlib."""

HEAVY = frozenset(
    {"torch", "torchvision", "optuna", "sqlalchemy", "onnx", "onnxruntime", "open_clip", "diffusers", "transformers"}
)
"""Never imported when a module loads."""
LAZY = HEAVY | PICTURES
"""The same for the parts that are not adapters: reading a prompt or showing --help must not wait for numpy."""

ON_FIRST_USE = "counterprompt.search.surrogate"
"""May load what is heavy, since no other module of the package imports it when it loads."""


@dataclass(frozen=True)
class Import:
    """One import of one module."""

    importer: str
    """Dotted name of the module it stands in."""
    imported: str
    """Dotted name of the module it brings in; "" for a relative import."""
    line: int
    """1-based line in the importer."""
    at_load: bool
    """Whether it runs as soon as the importer is loaded."""

    def __str__(self) -> str:
        """Name the place and the import."""
        return f"{self.importer} line {self.line} imports {self.imported or 'relatively'}"

    @property
    def from_part(self) -> str:
        """The part of the package it stands in, such as "tags" or "workflow"."""
        return _part(self.importer)

    @property
    def to_part(self) -> str | None:
        """The part of the package it brings in, or None where it leaves the package."""
        return _part(self.imported) if self.imported.split(".")[0] == "counterprompt" else None


def _part(module: str) -> str:
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def read_modules(package: Path) -> dict[str, ast.Module]:
    """Parse every module of *package*, by dotted name."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        names = path.relative_to(package.parent).with_suffix("").parts
        names = names[:-1] if names[-1] == "__init__" else names
        modules[".".join(names)] = ast.parse(path.read_text("utf-8"), str(path))
    return modules


def read_imports(modules: dict[str, ast.Module]) -> list[Import]:
    """List the imports of every module, those in functions and under TYPE_CHECKING too."""
    return [
        Import(name, imported, node.lineno, at_load)
        for name, tree in modules.items()
        for node, at_load in _walk(tree, at_load=True)
        for imported in _imported_by(node, modules)
    ]


def _walk(node: ast.AST, *, at_load: bool) -> Iterator[tuple[ast.stmt | ast.expr, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom, ast.Call)):
            yield child, at_load
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.body:
                yield from _walk(ast.Module([statement], []), at_load=False)
            for statement in child.orelse:
                yield from _walk(ast.Module([statement], []), at_load=at_load)
            continue
        is_function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        yield from _walk(child, at_load=at_load and not is_function)


def _imported_by(node: ast.stmt | ast.expr, modules: dict[str, ast.Module]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return [""]
        full_names = [f"{node.module}.{alias.name}" for alias in node.names]
        return [name if name in modules else str(node.module) for name in full_names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return []


def find_violations(imports: list[Import]) -> list[str]:
    """Say which imports break a rule, one plain line each."""
    return [f"{found}: {reason}" for found in imports if (reason := _why_wrong(found))]


def _why_wrong(found: Import) -> str | None:
    top = found.imported.split(".")[0]
    part = found.from_part
    if not top:
        return "imports are absolute"
    if part not in MAY_IMPORT:
        return f"{part} is not on the map: add it to MAY_IMPORT and to ARCHITECTURE.md"
    to_surrogate, from_surrogate = (name.startswith(ON_FIRST_USE) for name in (found.imported, found.importer))
    if found.at_load and to_surrogate and not from_surrogate:
        return f"import {found.imported} on first use: inside the function, or under TYPE_CHECKING"
    if found.to_part is not None:
        inside = found.to_part in MAY_IMPORT[part] | {part, "__init__"}
        return None if inside else f"{part} may not know {found.to_part}"
    if top not in sys.stdlib_module_names and top not in MAY_USE.get(part, frozenset()):
        return f"{part} may not use {top}"
    if found.at_load and not from_surrogate and top in (HEAVY if part in ADAPTERS else LAZY):
        return f"import {top} on first use: inside the function, or under TYPE_CHECKING"
    return None


def find_cycle(modules: dict[str, ast.Module], imports: list[Import]) -> list[str]:
    """Name the modules of one import cycle in order, or nothing where there is none."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for found in imports:
        if found.imported in graph and found.imported != found.importer:
            graph[found.importer].add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


EMPTY = dict.fromkeys(
    ("bootstrap__in____init__", "workflow__in____init__", "tagging__in____init__", "generation__in__fake"), ""
)


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "counterprompt" / (name.replace("__in__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "counterprompt"


def test_every_import_points_inward() -> None:
    """No module of the package imports what its layer may not know."""
    violations = find_violations(read_imports(read_modules(PACKAGE)))

    assert [] == violations


def test_there_is_no_import_cycle() -> None:
    """No module imports itself by way of others, not even for its types."""
    modules = read_modules(PACKAGE)

    assert [] == find_cycle(modules, read_imports(modules))


def test_the_map_names_only_what_exists_or_is_planned() -> None:
    """Every folder and every root module of the package has its rule."""
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert set() == parts - set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("tags__in__diff", "import numpy", "tags may not use numpy"),
        ("tags__in__diff", "def f():\n    import torch", "tags may not use torch"),
        ("infotext__in__parse", "from counterprompt.ports import Scorer", "infotext may not know ports"),
        ("scoring__in__clip", "from counterprompt.tagging.wd import WdTagger", "scoring may not know tagging"),
        ("scoring__in__clip", "from counterprompt import tagging", "scoring may not know tagging"),
        ("scoring__in__clip", "import torch", "import torch on first use"),
        ("scoring__in__clip", "class A:\n    import torch", "import torch on first use"),
        ("scoring__in__clip", "try:\n    import torch\nexcept ImportError: ...", "import torch on first use"),
        ("search__in__study", "from counterprompt.generation import fake", "search may not know generation"),
        ("search__in__study", "import numpy as np", "import numpy on first use"),
        ("search__in__study", "from counterprompt.search.surrogate import effects", "on first use"),
        ("workflow__in__story", "from counterprompt import bootstrap", "workflow may not know bootstrap"),
        ("bootstrap__in__studies", "from counterprompt.cli import main", "bootstrap may not know cli"),
        ("cli__in__main", "from counterprompt.generation.fake import FakeGenerator", "cli may not know generation"),
        ("cli__in__main", "import gradio", "cli may not use gradio"),
        ("generation__in__host", "from modules import shared", "generation may not use modules"),
        ("tags__in__diff", "from . import observed", "imports are absolute"),
        ("cli__in__main", "import importlib\nimportlib.import_module('gradio')", "cli may not use gradio"),
        ("oddments", "import os", "oddments is not on the map"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, name: str, source: str, complaint: str) -> None:
    """Each kind of forbidden import is named with the rule that it breaks."""
    package = _write(tmp_path, **{**EMPTY, name: source})

    (violation,) = find_violations(read_imports(read_modules(package)))

    assert complaint in violation


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("tags__in__diff", "import re\nfrom counterprompt.prompts.terms import split_terms"),
        ("scoring__in__clip", "def f():\n    import torch\n    from counterprompt.ports import Scores"),
        ("scoring__in__clip", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch"),
        ("imagefile__in__read", "from PIL import Image"),
        ("cli__in__main", "import typer\nfrom counterprompt import __version__, workflow"),
        ("webui__in__tab", "import gradio\nfrom modules import shared"),
    ],
)
def test_an_allowed_import_passes(tmp_path: Path, name: str, source: str) -> None:
    """What the map allows brings no complaint."""
    package = _write(tmp_path, **{**EMPTY, name: source})

    assert [] == find_violations(read_imports(read_modules(package)))


def test_a_cycle_is_found(tmp_path: Path) -> None:
    """Two modules that import each other are named, even where one import hides in a function."""
    package = _write(
        tmp_path,
        tags__in__one="from counterprompt.tags import two",
        tags__in__two="def f():\n    from counterprompt.tags.one import g",
    )
    modules = read_modules(package)

    assert {"counterprompt.tags.one", "counterprompt.tags.two"} == set(find_cycle(modules, read_imports(modules)))
