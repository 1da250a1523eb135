"""ControlNet and ADetailer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.infotext.parse import parse_infotext
from counterprompt.infotext.render import render_infotext
from counterprompt.infotext.units import read_control_units, read_detailer_passes, with_control_unit

LINE = "a cat\nSteps: 20, Sampler: Euler, Seed: 1"
NEW = (
    'ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.8, '
    'Resize Mode: Crop and Resize, Processor Res: 512, Guidance Start: 0.1, Guidance End: 0.9, Control Mode: Balanced"'
)
OLD = (
    'ControlNet 0: "preprocessor: canny, model: control_v11p_sd15_canny [d14c016b], weight: 0.8, starting/ending: '
    '(0.1, 0.9), resize mode: Crop and Resize, control mode: Balanced, preprocessor params: (512, 100, 200)"'
)
FIRST = (
    "ControlNet-0 Enabled: True, ControlNet-0 Module: canny, ControlNet-0 Model: control_v11p_sd15_canny [d14c016b], "
    "ControlNet-0 Weight: 0.8, ControlNet-0 Resize Mode: Crop and Resize, ControlNet-0 Control Mode: Balanced, "
    "ControlNet-0 Guidance Start: 0.1, ControlNet-0 Guidance End: 0.9"
)


@pytest.mark.parametrize("fields", [NEW, OLD, FIRST, FIRST.replace("ControlNet-0", "ControlNet")])
def test_all_generations_of_controlnet_say_the_same(fields: str) -> None:
    """Settings in one value under new or old names, and in fields of their own with and without a number."""
    (unit,) = read_control_units(parse_infotext(f"{LINE}, {fields}"))

    assert (0, "canny", "control_v11p_sd15_canny", "d14c016b", 0.8, (0.1, 0.9), "Balanced", "Crop and Resize") == (
        unit.index,
        unit.module,
        unit.model_name,
        unit.model_hash,
        unit.weight,
        unit.guidance_range,
        unit.control_mode,
        unit.resize_mode,
    )


def test_units_stand_in_the_order_of_their_numbers() -> None:
    """Several units, one of them without preprocessor and model."""
    units = read_control_units(
        parse_infotext(f'{LINE}, ControlNet 2: "Module: none, Model: None, Weight: x", ControlNet 1: "Module: a"')
    )

    assert [(1, "a"), (2, None)] == [(unit.index, unit.module) for unit in units]
    assert (None, None, None) == (units[1].model_name, units[1].model_hash, units[1].weight)


def test_a_changed_unit_changes_nothing_else() -> None:
    """Another weight leaves every other character of the infotext as it was."""
    gen_params = parse_infotext(f"{LINE}, {NEW}, Version: v1")
    (unit,) = read_control_units(gen_params)
    heavier = type(unit)(unit.index, unit.nested.with_setting("Weight", "1.2"))

    changed = render_infotext(with_control_unit(gen_params, heavier))

    assert f"{LINE}, {NEW}, Version: v1".replace("Weight: 0.8", "Weight: 1.2") == changed


@settings(max_examples=150, deadline=None, database=None)
@given(st.text(alphabet='ab:,"() [1]\\', max_size=30))
def test_units_lose_nothing(value: str) -> None:
    """A unit that is written back unchanged leaves the infotext byte for byte, whatever its text is."""
    text = f"{LINE}, ControlNet 0: {value}, ControlNet-1 Module: {value}"
    gen_params = parse_infotext(text)
    units = [unit for unit in read_control_units(gen_params) if gen_params.text(f"ControlNet {unit.index}") is not None]

    for unit in units:
        gen_params = with_control_unit(gen_params, unit)

    assert text == render_infotext(gen_params)


def test_the_passes_of_adetailer_are_told_apart() -> None:
    """The first pass has bare labels, the others their number; the version belongs to none."""
    first, second = read_detailer_passes(
        parse_infotext(
            f'{LINE}, ADetailer model: face_yolov8n.pt, ADetailer prompt: "a face, smiling", '
            "ADetailer confidence: 0.3, ADetailer denoising strength: 0.4, ADetailer model 2nd: hand_yolov8n.pt, "
            "ADetailer negative prompt 2nd: six, ADetailer version: 24.5.1"
        )
    )

    assert (0, "face_yolov8n.pt", "a face, smiling", 0.3, 0.4) == (
        first.index,
        first.text("model"),
        first.text("prompt"),
        first.confidence,
        first.denoising_strength,
    )
    assert (1, (("model", "hand_yolov8n.pt"), ("negative prompt", "six")), None) == (
        second.index,
        second.settings,
        second.confidence,
    )


def test_without_extensions_there_is_nothing() -> None:
    """An infotext of the WebUI alone has no units and no passes."""
    assert ((), ()) == (read_control_units(parse_infotext(LINE)), read_detailer_passes(parse_infotext(LINE)))
