"""Makes the fake host the one that this process runs in, for one test."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
_OWN = ("modules", "networks", "xyz_grid", "gradio_stub")


@contextmanager
def hosted(data_path: Path, kind: str = "fake", watch: Callable[[], None] | None = None) -> Iterator[None]:
    """Let `modules` be the fake host's within the `with` block, with our entry loaded and its page built.

    "fake Forge" notes the weights of LoRAs with the model, as Forge and reForge do; the other is like AUTOMATIC1111.
    *watch* is called before the page is built, when all scripts are loaded.
    """
    from counterprompt.webui.capabilities import capabilities

    paths = [str(HERE / "host"), *([] if importlib.util.find_spec("gradio") else [str(HERE / "no_gradio")])]
    sys.path[:0] = paths
    _forget()
    capabilities.cache_clear()
    try:
        _start(data_path, kind, watch)
        yield
    finally:
        sys.path[:] = [path for path in sys.path if path not in paths]
        _forget()
        if len(paths) > 1:
            sys.modules.pop("gradio", None)
        capabilities.cache_clear()


def _start(data_path: Path, kind: str, watch: Callable[[], None] | None) -> None:
    import networks  # noqa: F401  # the host loads it at its start
    import xyz_grid
    from modules import paths, script_callbacks, scripts, shared

    if kind == "fake Forge":
        shared.sd_model.current_lora_hash = "[]"
    paths.data_path = str(data_path)
    entry = ROOT / "scripts" / "counterprompt_entry.py"
    spec = importlib.util.spec_from_file_location(entry.name, entry)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, scripts.Script)]
    scripts.scripts_data[:] = [scripts.ScriptData(each, module) for each in classes]
    scripts.scripts_data.append(scripts.ScriptData(scripts.Script, xyz_grid))
    if watch is not None:
        watch()
    script_callbacks.call("before_ui")
    with _page():
        scripts.scripts_txt2img = scripts.ScriptRunner([(each, str(entry)) for each in classes])


def _page() -> AbstractContextManager[object]:
    """Return a page for controls to stand on: real ones listen to each other on a page only."""
    import gradio

    return gradio.Blocks() if hasattr(gradio, "Blocks") else nullcontext()


def _forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in _OWN]:
        del sys.modules[name]
