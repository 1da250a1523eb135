"""What the contract tests look at inside a host, real or fake: each function generates and says in JSON what it saw."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

STEPS = int(os.environ.get("COUNTERPROMPT_HOST_STEPS", "6"))
"""Steps of most pictures, at least 3: fewer where a host takes no small checkpoint and has no card."""


def _request(**changes: Any) -> Any:
    from counterprompt.ports import GenerationRequest

    usual = GenerationRequest("a red circle on a white background", "blurry", 1, STEPS, "Euler", "Automatic", 7, 64, 64)
    return replace(usual, **changes)


def _digest(image: Any) -> str:
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def _generator(**arguments: Any) -> Any:
    from counterprompt.webui.in_process import InProcessGenerator

    return InProcessGenerator(**arguments)


def draw(requests: list[dict[str, Any]], batch_size: int = 8) -> dict[str, Any]:
    """Draw *requests* in the background and count the host's calls."""
    generator = _generator(batch_size=batch_size)
    before = host_state()
    with _counted_calls() as calls:
        images = generator.generate([_request(**each) for each in requests])
    drawn_with = host_state()
    generator.close()
    return {
        "modes": sorted({image.mode for image in images}),
        "sizes": sorted({image.size for image in images}),
        "digests": [_digest(image) for image in images],
        "calls": calls,
        "before": before,
        "drawn_with": drawn_with,
        "after": host_state(),
    }


@contextmanager
def _counted_calls() -> Any:
    from modules import processing

    calls: list[int] = []
    original = processing.process_images

    def counted(p: Any) -> Any:
        calls.append(p.batch_size)
        return original(p)

    processing.process_images = counted
    try:
        yield calls
    finally:
        processing.process_images = original


def host_state() -> dict[str, Any]:
    """Say what a study must leave as it was."""
    from modules import paths, processing, shared

    from counterprompt.webui.kept_state import loaded_loras

    params = Path(paths.data_path) / "params.txt"
    # Forge loads its checkpoint with the first picture, and notes the hash among its options
    options = sorted(each for each in shared.opts.data.items() if each[0] != "sd_checkpoint_hash")
    classes = (processing.StableDiffusionProcessing, processing.StableDiffusionProcessingTxt2Img)
    caches = [value for cls in classes for name, value in sorted(vars(cls).items()) if name.startswith("cached_")]
    return {
        "params": params.read_text("utf-8") if params.is_file() else None,
        "options": hashlib.sha256(repr(options).encode()).hexdigest(),
        "clip_skip": shared.opts.CLIP_stop_at_last_layers,
        "job": shared.state.job,
        "flags": [shared.state.interrupted, shared.state.skipped, shared.state.stopping_generation],
        "caches": [[id(cache), repr(cache[0])] for cache in caches if isinstance(cache, list)],
        "loras": [list(each) for each in loaded_loras() or ()],
    }


def refused(**changes: Any) -> dict[str, Any]:
    """Ask for one picture that the host cannot draw."""
    from counterprompt.errors import CounterpromptError

    with _counted_calls() as calls:
        try:
            _generator().generate([_request(**changes)])
        except CounterpromptError as error:
            return {"kind": type(error).__name__, "said": str(error), "calls": calls}
    return {"kind": "", "said": "", "calls": calls}


def failing(after_steps: int = 2) -> dict[str, Any]:
    """Let the host fail in the middle of a picture that overrides an option and loads a LoRA."""
    from modules import shared

    from counterprompt.errors import CounterpromptError

    generator = _generator()
    before = host_state()
    with _each_step(lambda step: step >= after_steps and _fail()):
        try:
            generator.generate([_request(clip_skip=2, prompt="a red circle <lora:framed:0.7>")])
            said = ""
        except CounterpromptError as error:
            said = str(error)
    generator.close()
    return {
        "said": said,
        "before": before,
        "after": host_state(),
        "is_lock_free": _is_lock_free(),
        "begun": shared.state.job,
    }


def _fail() -> None:
    raise ValueError("broken on purpose")


@contextmanager
def _each_step(act: Any) -> Any:
    """Call *act* with the number of every step that a sampler begins."""
    from modules import sd_samplers_common

    steps: list[int] = []
    original = sd_samplers_common.store_latent

    def watched(decoded: Any) -> Any:
        steps.append(len(steps))
        act(steps[-1])
        return original(decoded)

    names = [name for name in ("sd_samplers_cfg_denoiser", "sd_samplers_kdiffusion") if _has_store(name)]
    import importlib

    places = [sd_samplers_common, *(importlib.import_module(f"modules.{name}") for name in names)]
    try:
        for place in places:
            place.store_latent = watched
        yield steps
    finally:
        for place in places:
            place.store_latent = original


def _has_store(name: str) -> bool:
    import importlib

    try:
        return hasattr(importlib.import_module(f"modules.{name}"), "store_latent")
    except ImportError:
        return False


def _is_lock_free() -> bool:
    from modules.call_queue import queue_lock

    if not queue_lock.acquire(False):
        return False
    queue_lock.release()
    return True


def interrupted(after_steps: int = 2, steps: int = 30, by: str = "host") -> dict[str, Any]:
    """Press Interrupt (of the "host", or the generator's "own") in the middle of a batch."""
    from modules import shared

    from counterprompt.errors import CounterpromptError

    generator = _generator()
    press = shared.state.interrupt if by == "host" else generator.interrupt
    before = host_state()
    with _each_step(lambda step: step == after_steps and press()) as seen:
        try:
            generator.generate([_request(steps=steps)])
            kind = ""
        except CounterpromptError as error:
            kind = type(error).__name__
    generator.close()
    return {"kind": kind, "steps": len(seen), "before": before, "after": host_state()}


def stopped_while_others_draw(steps: int = STEPS) -> dict[str, Any]:
    """Stop a generator of ours in the middle of another user's picture; tell that picture, and it undisturbed."""
    generator = _generator()
    undisturbed = _others_picture(steps)
    before = host_state()
    with _counted_calls() as calls, _each_step(lambda step: step == 1 and _elsewhere(generator.interrupt)) as seen:
        other = _others_picture(steps)
        others_calls = len(calls)
        kind = _kind_of_fault(lambda: generator.generate([_request()]))
    return {
        "kind": kind,
        "own_calls": len(calls) - others_calls,
        "steps": len(seen),
        "other": other,
        "undisturbed": undisturbed,
        "before": before,
        "after": host_state(),
    }


def _kind_of_fault(work: Any) -> str:
    from counterprompt.errors import CounterpromptError

    try:
        work()
    except CounterpromptError as error:
        return type(error).__name__
    return ""


def _elsewhere(work: Any) -> None:
    """Do *work* in a thread of its own, as a click is, and wait for its end."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _others_picture(steps: int) -> list[str]:
    """Generate as another user does, scripts of ours off, and return digests."""
    p = _generation("Counterprompt: dynamic negative prompt", [False], seed=5, steps=steps)
    return [_digest(image) for image in _generated(p).images]


def stopped_study(batch_size: int = 4, at_call: int = 4) -> dict[str, Any]:
    """Run a study as the tab does, then the same once more: stopped after one step of a batch while another user waits.

    The stopped one is resumed; both outcomes are told.
    """
    with tempfile.TemporaryDirectory() as folder:
        desk = _desk(Path(folder), batch_size)
        with _counted_calls() as calls:
            whole = desk.start(_order())
            _ended(desk, whole)
        told = {"whole_calls": list(calls), "undisturbed": _others_picture(STEPS), "before": host_state()}
        told |= _stopped(desk, at_call)
        with _counted_calls() as calls:
            desk.resume(told["study"])
            _ended(desk, told["study"])
        told |= {"resumed_calls": list(calls), "outcomes": [_found(desk, each) for each in (whole, told["study"])]}
        desk.close(30)
    return {**told, "steps_of_each": STEPS}


def _stopped(desk: Any, at_call: int) -> dict[str, Any]:
    """Start a study, stop it in its batch *at_call*, and let the other user who waits meanwhile draw."""
    steps: list[int] = []
    others: list[list[str]] = []
    waiting = threading.Thread(target=lambda: others.append(_others_picture(STEPS)))

    def act(_: int) -> None:
        if len(calls) == at_call:
            steps.append(len(steps))
            if len(steps) == 1:
                waiting.start()
                _elsewhere(lambda: desk.stop(study))

    with _counted_calls() as calls, _each_step(act):
        study = desk.start(_order())
        status = _ended(desk, study)
        waiting.join()
    small_copies = len(list((desk.folder(study) / "watch").glob("*.jpg")))
    return {
        "study": study,
        "state": status.state,
        "pictures": status.pictures,
        "small_copies": small_copies,
        "steps": len(steps),
        "stopped_calls": calls[:at_call],
        "other": others[0],
        "after": host_state(),
    }


def _desk(folder: Path, batch_size: int) -> Any:
    from counterprompt.webui.options import host_settings
    from counterprompt.webui.studies import StudyDesk
    from counterprompt.webui.study_run import StudyWorkplace

    return StudyDesk(folder, lambda: StudyWorkplace(_generator(batch_size=batch_size), host_settings()))


def _order() -> Any:
    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.webui.study_values import StudyOrder
    from counterprompt.workflow.baseline import TuneChoices

    layers = (NegativeLayer("base", ("blurry", "watermark", "low quality")),)
    choices = TuneChoices(budget=40, cfg_range=(6.0, 8.0), layers=layers, controls=False)
    return StudyOrder(baseline=_request(negative_prompt="ugly", seed=7), choices=choices, name="observed")


def _ended(desk: Any, study: str) -> Any:
    while desk.status(study).state in ("waiting", "running"):
        time.sleep(0.02)
    return desk.status(study)


def _found(desk: Any, study: str) -> Any:
    if desk.status(study).state != "done":
        return desk.status(study).message
    content = desk.outcome(study)
    return [content.verdict, repr(content.winner), repr(content.held_out), content.pictures]


def skipped(after_steps: int = 2, steps: int = 8) -> dict[str, Any]:
    """Press Skip once in the middle of a batch; tell the host's calls and the pictures, and those without a Skip."""
    from modules import shared

    generator = _generator()
    requests = [_request(steps=steps, seed=seed) for seed in (1, 2)]
    undisturbed = [_digest(image) for image in generator.generate(requests)]
    with _counted_calls() as calls, _each_step(lambda step: step == after_steps and shared.state.skip()):
        drawn = [_digest(image) for image in generator.generate(requests)]
    generator.close()
    return {"calls": calls, "drawn": drawn, "undisturbed": undisturbed, "after": host_state()}


def shared_queue(batches: int = 3) -> dict[str, Any]:
    """Draw several batches while somebody else waits for the host's queue; tell after how many they had their turn."""
    from modules.call_queue import queue_lock

    waited: list[int] = []
    generator = _generator(batch_size=1)
    with _counted_calls() as calls:

        def other() -> None:
            while not calls:
                time.sleep(0.001)
            with queue_lock:
                waited.append(len(calls))

        thread = threading.Thread(target=other)
        thread.start()
        generator.generate([_request(seed=seed) for seed in range(batches)])
        thread.join()
    return {"turn_after": waited[0], "batches": len(calls)}


def _generation(script: str, args: list[Any], **fields: Any) -> Any:
    """Build what Generate builds: the page's values of every script, *args* for *script*."""
    from modules import scripts, shared
    from modules.processing import StableDiffusionProcessingTxt2Img as Txt2Img

    runner = scripts.scripts_txt2img
    values = [0, *(getattr(control, "value", None) for control in runner.inputs[1:])]
    chosen = runner.title_map[script.lower()]
    values[chosen.args_from : chosen.args_from + len(args)] = args
    if chosen in runner.selectable_scripts:
        values[0] = runner.selectable_scripts.index(chosen) + 1
    usual = {"prompt": "a red circle", "negative_prompt": "", "seed": 1, "steps": STEPS, "sampler_name": "Euler"}
    if hasattr(Txt2Img, "hr_additional_modules"):
        usual["hr_additional_modules"] = ["Use same choices"]  # as Forge's page says; its default breaks the hires pass
    p = Txt2Img(sd_model=shared.sd_model, **{**usual, "width": 64, "height": 64, **fields})
    p.is_api = True
    p.scripts = runner
    p.script_args = tuple(values)
    p.do_not_save_samples = p.do_not_save_grid = True
    return p


def _generated(p: Any) -> Any:
    from modules import processing, scripts, shared
    from modules.call_queue import queue_lock

    with queue_lock:
        shared.state.begin(job="observed")
        try:
            return scripts.scripts_txt2img.run(p, *p.script_args) or processing.process_images(p)
        finally:
            shared.state.end()


def dynamic(args: list[Any], **fields: Any) -> dict[str, Any]:
    """Generate with the accordion's *args* and tell what was drawn with, and what the infotexts say."""
    p = _generation("Counterprompt: dynamic negative prompt", args, **fields)
    done = _generated(p)
    return {
        "negatives": list(done.all_negative_prompts),
        "infotexts": list(done.infotexts),
        "main": p.main_negative_prompt,
        "hires": list(getattr(p, "all_hr_negative_prompts", None) or []),
        "comments": done.comments,
    }


def pasted(infotext: str) -> dict[str, Any]:
    """Paste *infotext* as the host does and tell what our controls and the negative prompt's field would show."""
    from modules import script_callbacks, scripts
    from modules.infotext_utils import parse_generation_parameters

    params = parse_generation_parameters(infotext)
    script_callbacks.infotext_pasted_callback(infotext, params)
    script = scripts.scripts_txt2img.title_map["counterprompt: dynamic negative prompt"]
    shown = [read(params) if callable(read) else params.get(read) for _, read in script.infotext_fields]
    values = [value.get("value") if isinstance(value, dict) else value for value in shown]
    return {"controls": values, "negative": params["Negative prompt"]}


def accordion(args: list[Any], prompt: str, negative_prompt: str, cfg_scale: float = 7.0) -> dict[str, Any]:
    """Tell whether the accordion met the page's fields, and what it says beforehand."""
    from modules import scripts

    from counterprompt.webui.dynamic_preview import preview

    script = scripts.scripts_txt2img.title_map["counterprompt: dynamic negative prompt"]
    return {"is_connected": script.panel.is_connected, "preview": preview(*args, prompt, negative_prompt, cfg_scale)}


def axes(recipes: list[str]) -> dict[str, Any]:
    """Apply our axes as the host's plot script does and tell what each value made of the negative prompt."""
    import copy

    from modules import scripts

    from counterprompt.webui.axes import RECIPE_AXIS, SWITCH_AXIS, add_axes

    add_axes()
    plot = next(data.module for data in scripts.scripts_data if hasattr(data.module, "axis_options"))
    options = {option.label: option for option in plot.axis_options}
    drawn: dict[str, Any] = {"axes": [option.label for option in plot.axis_options].count(RECIPE_AXIS)}
    for label, values in ((SWITCH_AXIS, ["off", "on"]), (RECIPE_AXIS, recipes)):
        p = _generation("Counterprompt: dynamic negative prompt", [], negative_prompt="ugly")
        options[label].confirm(p, values)
        for value in values:
            each = copy.copy(p)
            options[label].apply(each, options[label].type(value), values)
            drawn[value] = _generated(each).all_negative_prompts[0]
    return drawn


def tune(args: list[Any], interrupt_after: int = 0, **fields: Any) -> dict[str, Any]:
    """Run the script and tell what came back; *interrupt_after* so many calls of the host Interrupt is pressed."""
    from modules import shared

    p = _generation("Counterprompt: tune", args, **fields)
    before = host_state()
    with (
        _counted_calls() as calls,
        _each_step(lambda _: interrupt_after and len(calls) >= interrupt_after and shared.state.interrupt()),
    ):
        done = _generated(p)
    return {
        "pictures": len(done.images),
        "infotexts": list(done.infotexts),
        "comments": done.comments,
        "said": list(p.comments),
        "calls": len(calls),
        "largest": max(calls, default=0),
        "before": before,
        "after": host_state(),
    }


def inventory() -> dict[str, Any]:
    """List the host's model files in process."""
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.webui.host_inventory import inventory_here

    return files_in(inventory_here().take_stock(GenerationParams("")))


def files_in(stock: Any) -> dict[str, Any]:
    """Put an inventory into JSON."""
    files = [
        [file.kind.value, file.name, list(file.aliases), repr(file.hashes), repr(file.training)] for file in stock.files
    ]
    return {"files": sorted(files), "kinds": sorted(kind.value for kind in stock.kinds), "in_use": stock.in_use}


OBSERVATIONS = {
    each.__name__: each
    for each in (
        draw,
        host_state,
        refused,
        failing,
        interrupted,
        skipped,
        stopped_while_others_draw,
        stopped_study,
        shared_queue,
        dynamic,
        pasted,
        accordion,
        axes,
        tune,
        inventory,
    )
}
