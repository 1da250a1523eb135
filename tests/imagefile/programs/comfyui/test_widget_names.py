"""Names of the settings in the editor's drawing."""

from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.widget_names import name_widgets, read_widgets


@pytest.mark.parametrize(
    ("drawing", "settings"),
    [
        ({"type": "CLIPTextEncode", "widgets_values": ["a cat"]}, {"text": "a cat"}),
        ({"type": "Odd", "widgets_values": {"steps": 3}}, {"steps": 3}),
        ({"type": "Odd", "widgets_values": [5], "widgets_values_named": {"steps": 5}}, {"steps": 5}),
        ({"type": "Odd", "widgets_values": [{"lora": "a"}, 5]}, {"lora_0": {"lora": "a"}}),
        ({"type": "Odd", "widgets_values": 7}, {}),
        ({}, {}),
    ],
)
def test_settings_have_the_names_of_their_class(drawing: dict[str, Any], settings: dict[str, object]) -> None:
    """By the table, by the editor's own names, or as the file's object; else only objects are kept."""
    assert settings == read_widgets(drawing)


def test_every_value_has_one_name() -> None:
    """A node of an older version of its class has fewer values and gets as many names."""
    assert ("seed", "control_after_generate") == name_widgets({"type": "KSampler", "widgets_values": [1, "fixed"]})
