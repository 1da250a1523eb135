"""Shows that an unloaded tagger leaves no memory behind: resident memory over many loads and unloads.

Run `uv run python benchmarks/tagger_memory.py [--tagger FOLDER_OR_NAME] [--cycles 60]`. It tags a picture, unloads the
tagger and reads the process's resident memory, over and over; the miniature's tagger is the default. A second series
uses a model of 64 MB of random weights, written for it, since the miniature's is small beside the measure's noise.

Bar: from the fifth cycle to the last, unloaded memory grows by less than 1 MB for the miniature's tagger and by less
than 1 % of the model for the large one, and the large one's unloaded memory lies within 5 % of its size of where it was
before the first load. What the runtime itself takes once (its libraries) is told apart from the model's.

Seen on two CPU cores with onnxruntime 1.31.1: the miniature's tagger drifts by 0.5 MB over 60 and over 200 cycles and
by 0.1 MB over 200 more; without giving memory back to the system it would keep 4 MB. The large one goes from 86 to 307
MB and back to 86.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from PIL import Image

from counterprompt.bootstrap import miniature, taggers
from counterprompt.settings import load_settings
from counterprompt.tagging.sessions import ModelSession, give_memory_back
from counterprompt.tagging.wd import WdTagger

WARM_UP = 5
"""Cycles that may still grow: libraries load, allocators find their size."""


def main() -> int:
    """Measure both models and return 0 where every bar holds."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--tagger", help="a tagger's folder or name; default: the miniature's")
    parser.add_argument("--cycles", type=int, default=60)
    arguments = parser.parse_args()
    folder = miniature.miniature_folder() / "tagger"
    if arguments.tagger:
        folder = taggers.tagger_store(load_settings()).resolve(arguments.tagger).path
    small = measure("given" if arguments.tagger else "miniature", folder, arguments.cycles)
    with tempfile.TemporaryDirectory() as temporary:
        large = measure("64 MB", write_large_tagger(Path(temporary) / "large"), max(10, arguments.cycles // 3))
    passed = small["drift"] < 1.0 and large["drift"] < 0.64 and large["left"] < 3.2
    sys.stdout.write(f"{'passed' if passed else 'FAILED'}\n")
    return 0 if passed else 1


def measure(name: str, folder: Path, cycles: int) -> dict[str, float]:
    """Load, use and unload the tagger in *folder* *cycles* times; megabytes."""
    sessions: list[ModelSession] = []

    def open_session(path: Path) -> ModelSession:
        sessions.append(ModelSession(path, idle_s=-1))
        return sessions[-1]

    tagger = WdTagger(folder, open_session=open_session)
    picture = Image.new("RGB", (96, 64), "teal")
    give_memory_back()
    before = resident()
    loaded, unloaded = [], []
    for _ in range(cycles):
        tagger.tag([picture])
        loaded.append(resident())
        sessions[0].close()
        unloaded.append(resident())
    settled = unloaded[WARM_UP - 1]
    result = {
        "before": before,
        "loaded": statistics.median(loaded[WARM_UP:]),
        "unloaded": statistics.median(unloaded[WARM_UP:]),
        "drift": unloaded[-1] - settled,
        "left": unloaded[-1] - before,
    }
    sys.stdout.write(
        f"{name}, {cycles} cycles: " + ", ".join(f"{key} {mb:.2f} MB" for key, mb in result.items()) + "\n"
    )
    return result


def resident() -> float:
    """Return the process's resident memory in megabytes."""
    import psutil

    return float(psutil.Process(os.getpid()).memory_info().rss) / 1e6


def write_large_tagger(folder: Path) -> Path:
    """Write a tagger in the WD contract with 64 MB of random weights: mean colours, a wide layer, eight tags."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir()
    width = 2_000_000
    random = np.random.default_rng(0)
    weights = {
        "wide": random.standard_normal((3, width), dtype=np.float32),
        "narrow": random.standard_normal((width, 5), dtype=np.float32) / width,
    }
    nodes = [
        helper.make_node("ReduceMean", ["pictures"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "wide"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "narrow"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["confidences"]),
    ]
    graph = helper.make_graph(
        nodes,
        "large",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["batch", 64, 64, 3])],
        [helper.make_tensor_value_info("confidences", TensorProto.FLOAT, ["batch", 5])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    rows = [f"{number},tag_{number},0,1" for number in range(5)]
    (folder / "selected_tags.csv").write_text("\n".join(["tag_id,name,category,count", *rows, ""]))
    return folder


if __name__ == "__main__":
    raise SystemExit(main())
