"""What the steps show before there is anything to show; the page is built with it, so it loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.webui.tab.pieces import render_empty, render_note, say

if TYPE_CHECKING:
    from counterprompt.webui.tab.words import Words


def render_preview(image: str, words: Words) -> str:
    """Frame *image* (an `<img>` of ours, or "" before there is one), so that the page keeps its place."""
    waiting = f"<span>{say(words, 'The picture appears here.')}</span>"
    return f'<figure class="cp-preview">{image or waiting}</figure>'


def no_reading(words: Words) -> str:
    """Stand where the embedded parameters will be."""
    return render_empty(words("What is embedded in the picture appears here."))


def no_chips(words: Words) -> str:
    """Stand where the chips will be."""
    return render_empty(words("What was asked for, against what is seen, appears here tag by tag."))


def no_files(words: Words) -> str:
    """Stand where the model files will be."""
    return render_empty(words("Which model files made the picture, and which of them are here, appears here."))


def render_seen(remarks: str, sides: str, files: str, words: Words) -> str:
    """Put what is known of a picture one below the other: *remarks*, both *sides* of the chips, its model *files*."""
    return (
        f'<div id="counterprompt_remarks">{remarks}</div><div id="counterprompt_sides">{sides}</div>'
        f'<details class="cp-fold" id="counterprompt_files_fold" open><summary>{say(words, "Model files")}</summary>'
        f'<div id="counterprompt_files">{files}</div></details>'
    )


def no_advice(words: Words) -> str:
    """Stand where the advice will be."""
    return render_empty(words("The advice and its reasons appear here."))


def no_study(words: Words) -> str:
    """Stand where the running study will be."""
    return render_empty(words("Once a study runs, its progress appears here; you may leave this page meanwhile."))


def no_result(words: Words) -> str:
    """Stand where the proof will be."""
    return render_empty(words("When a study has ended, its proof appears here."))


def no_loras(words: Words) -> str:
    """Stand where the LoRA weights will be."""
    return f"<h4>{say(words, 'LoRA weights')}</h4>{render_empty(words('The LoRAs of the prompt appear here.'))}"


def unknown_pace(words: Words) -> str:
    """Stand where the estimate will be."""
    return render_note(words("How long this takes here is not known yet; “Measure” draws a few pictures and tells."))
