"""The fold that says how pictures are judged: what counts how much, what must not get worse, what else is tried.

Our script gathers whatever is set otherwise than usual as `webui.judging` reads it. The page is built with this, so it
loads nothing of the search; as one text it costs a host's start one component instead of fifteen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.jobs.limits import GUARD_LIMITS, GUARDS, WEIGHT_LIMITS, WEIGHTS
from counterprompt.report.chips import shown_text
from counterprompt.search.guard_limits import LOST_FIDELITY, SIGNAL_SLACKS
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.judging import SWITCHES
from counterprompt.webui.tab.pieces import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.webui.tab.words import Words

WEIGHT_TEXTS: Final = {
    "aesthetic": ("Aesthetic", "How much it counts that a picture is more pleasing."),
    "artifacts": ("Artifacts", "How much it counts that a picture has fewer defects."),
    "fidelity": ("Fidelity", "How much it counts against a picture that it shows less of what the prompt asks for."),
    "signals": (
        "Signals",
        "How much it counts against a picture that it exceeds a limit of clipping, saturation, noise or flatness.",
    ),
    "preference": (
        "Preference",
        "How much the opinion of a preference model counts, where one is chosen in Settings, section Counterprompt.",
    ),
}
"""Component of the objective to its label and what its number does."""

GUARD_TEXTS: Final = {
    "clipped": (
        "Clipped",
        "How much more of the picture may be pure white or pure black, as a share from 0 to 1.",
    ),
    "saturation": ("Saturation", "How much stronger colours may become, on a scale from 0 to 1."),
    "noise": ("Noise", "How much more noise there may be, on a scale from 0 to 1."),
    "flatness": ("Flatness", "How much more of the picture may be flat, without detail, as a share from 0 to 1."),
    "fidelity": (
        "Fidelity",
        "How much less of the prompt pictures may show, in units of how much your own differ from seed to seed.",
    ),
}
"""Guard to its label and what its number does."""

SWITCH_TEXTS: Final = {
    "schedules": (
        "Try words that act for some of the steps",
        "The best words are also tried from a fifth of the steps on, [words:0.2], and up to three fifths, "
        "[words::0.6].",
    ),
    "look_again": (
        "Look again while searching",
        "Pictures of the best candidates are looked at on the way, and words against what is still wrong there join "
        "the search; no picture more is drawn.",
    ),
    "anti_prompt": (
        "Ask the model for the opposite",
        "Before the search the opposite of your prompt is drawn on four seeds, and what appears there is offered as "
        "negative words.",
    ),
}
"""Switch to its label and what it does."""


def render_judging(words: Words) -> str:
    """Render the fold, closed, everything in it as usual."""
    mark = f'<span class="cp-badge" data-cp-unusual hidden>{say(words, "not as usual")}</span>'
    lead = say(words, "The usual values suit most pictures; the report names those that were used.")
    back = f'<button type="button" class="cp-plain" data-cp-usual>{say(words, "Usual values")}</button>'
    return (
        f'<details class="cp-fold cp-judging"><summary>{say(words, "How pictures are judged")} {mark}</summary>'
        f'<div><p class="cp-hint">{lead}</p>{_weights(words)}{_guards(words)}{_switches(words)}{back}</div></details>'
    )


def _weights(words: Words) -> str:
    usual = ScoreWeights()
    low, high = WEIGHT_LIMITS
    hint = words("At {low} a part does not count; {high} is the most.", low=f"{low:g}", high=f"{high:g}")
    own = {name: _number(WEIGHT_LIMITS, 0.1, f'value="{getattr(usual, name):g}"') for name in WEIGHTS}
    fields = (_field(f"weights.{name}", WEIGHT_TEXTS[name], own[name], words) for name in WEIGHTS)
    return _group(words("What counts"), hint, fields)


def _guards(words: Words) -> str:
    usual = {**SIGNAL_SLACKS, "fidelity": LOST_FIDELITY}
    hint = words(
        "Left empty, a limit is the number in grey; the first four grow where your own pictures differ much from seed "
        "to seed. {high} lets a guard go.",
        high=f"{GUARD_LIMITS[1]:g}",
    )
    own = {name: _number(GUARD_LIMITS, GUARD_LIMITS[0], f'placeholder="{usual[name]:g}"') for name in GUARDS}
    fields = (_field(f"guards.{name}", GUARD_TEXTS[name], own[name], words) for name in GUARDS)
    return _group(words("What must not get worse"), hint, fields)


def _switches(words: Words) -> str:
    fields = (_field(name, SWITCH_TEXTS[name], 'type="checkbox"', words) for name in SWITCHES)
    return _group(words("What else is tried"), "", fields)


def _group(title: str, hint: str, fields: Iterable[str]) -> str:
    told = f'<p class="cp-hint">{shown_text(hint)}</p>' if hint else ""
    return f"<fieldset><legend>{shown_text(title)}</legend>{told}<ul>{''.join(fields)}</ul></fieldset>"


def _field(place: str, texts: tuple[str, str], attributes: str, words: Words) -> str:
    """Render one control with its label and what it does; *place* is where a body of REST holds its value."""
    label, told = (say(words, text) for text in texts)
    described = f"counterprompt-judged-{place.replace('.', '-')}"
    return (
        f'<li><label><b>{label}</b> <input {attributes} data-cp-judged="{place}" aria-label="{label}" '
        f'aria-describedby="{described}"></label><small id="{described}">{told}</small></li>'
    )


def _number(limits: tuple[float, float], step: float, usual: str) -> str:
    return f'type="number" min="{limits[0]:g}" max="{limits[1]:g}" step="{step:g}" {usual}'
