"""The habits of CONTRIBUTING.md that no linter checks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "extension" / "counterprompt"
TESTS = ROOT / "tests"

VALUES = ("infotext", "prompts", "negative", "tags", "advice")
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "managers", "misc"}
NOT_MIRRORED = {"house", "e2e", "contract", "browser", "hosts"}
"""Folders of tests that concern more than one module."""
AGAINST_THE_WORLD = {"conformance", "contract"}
"""test_conformance.py, test_webui_contract.py: a package against real pictures or a real host."""

MOST_LINES = 200
LONGER: dict[str, str] = {}
"""Files of the package that are longer, each with the reason why it cannot be split along a seam."""

MODULES = sorted(PACKAGE.rglob("*.py"))
TEST_MODULES = sorted(TESTS.rglob("test_*.py"))
MIRRORING = [path for path in TEST_MODULES if path.relative_to(TESTS).parts[0] not in NOT_MIRRORED]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _words(path: Path) -> set[str]:
    return {word for part in path.relative_to(ROOT).parts for word in part.removesuffix(".py").split("_")}


def _public_without_docstring(tree: ast.Module) -> list[str]:
    missing = [] if ast.get_docstring(tree) or not tree.body else ["the module"]
    scopes: list[tuple[str, ast.AST]] = [("", tree)]
    for prefix, scope in scopes:
        for node in ast.iter_child_nodes(scope):
            is_named = isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            if not is_named or node.name.startswith("_"):
                continue
            if isinstance(node, ast.ClassDef):
                scopes.append((f"{prefix}{node.name}.", node))
            if not ast.get_docstring(node) and not _is_implied(node):
                missing.append(prefix + node.name)
    return missing


def _is_implied(node: ast.AST) -> bool:
    """An overload or an override is documented where it is declared."""
    decorators = {ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])}
    return bool(decorators & {"overload", "typing.overload", "override", "typing_extensions.override"})


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_everything_public_has_a_docstring(path: Path) -> None:
    """Every module, public class and public function says what it is."""
    assert [] == _public_without_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent.name in VALUES], ids=_name)
def test_values_are_frozen(path: Path) -> None:
    """A dataclass of a value package cannot be changed, only copied."""
    classes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)]
    public = [node for node in classes if not node.name.startswith("_")]
    decorators = {node.name: ast.unparse(one) for node in public for one in node.decorator_list}

    assert {} == {name: text for name, text in decorators.items() if "dataclass" in text and "frozen=True" not in text}


@pytest.mark.parametrize("path", TEST_MODULES, ids=_name)
def test_every_test_states_what_it_expects(path: Path) -> None:
    """Each test function has a docstring of one paragraph."""
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    tests = {node.name: ast.get_docstring(node) for node in functions if node.name.startswith("test_")}

    assert [] == [name for name, docstring in tests.items() if not docstring or "\n\n" in docstring]


@pytest.mark.parametrize("path", MIRRORING, ids=_name)
def test_tests_mirror_the_package(path: Path) -> None:
    """tests/tags/test_diff.py (or test_diff_<aspect>.py) tests tags/diff.py, others likewise, benchmarks too."""
    folder = path.parent.relative_to(TESTS)
    measured = PACKAGE.parents[1] / "benchmarks"
    places = [*measured.rglob("*.py")] if folder.name == measured.name else [*(PACKAGE / folder).glob("*.py")]
    modules = {module.stem for module in places}
    subject = path.stem.removeprefix("test_")
    if subject.split("_")[-1] in AGAINST_THE_WORLD:
        return

    assert any(subject == module or subject.startswith(f"{module}_") for module in modules), (
        f"no module for {path.name}"
    )


def test_files_are_small() -> None:
    """No file of the package has more than 200 lines, but for those that are named with their reason."""
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert sorted(LONGER) == sorted(name for name, length in lengths.items() if length > MOST_LINES)


def test_no_name_is_empty() -> None:
    """No file or folder is called utils, helpers, manager or the like."""
    assert [] == [_name(path) for path in [*MODULES, *TEST_MODULES] if _words(path) & EMPTY_WORDS]


def test_tests_are_no_package() -> None:
    """The tests have no __init__.py, or importlib mode would mix them up with the package."""
    assert [] == [_name(path) for path in TESTS.rglob("__init__.py")]
