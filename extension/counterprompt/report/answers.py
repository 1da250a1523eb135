"""Machine-readable answers: values as plain JSON objects, the same for every door."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from counterprompt.report.resource_answers import resources_answer

if TYPE_CHECKING:
    from counterprompt.advice.advise import Advice
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.report.content import FieldValues, ReportContent
    from counterprompt.tags.classes import PromptDiff
    from counterprompt.tags.observed import ObservedTags


class Reading(Protocol):
    """What was read from a picture file."""

    @property
    def infotext(self) -> str | None:
        """The embedded text, or None."""
        ...

    @property
    def params(self) -> GenerationParams | None:
        """What it says, or None."""
        ...

    @property
    def program(self) -> str:
        """What wrote it."""
        ...

    @property
    def width(self) -> int:
        """Pixels."""
        ...

    @property
    def height(self) -> int:
        """Pixels."""
        ...

    @property
    def place(self) -> str:
        """Where the text stands in the file, in words."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, is damaged or had to be guessed, one sentence each."""
        ...


def reading_answer(reading: Reading) -> dict[str, Any]:
    """Answer of `read`: infotext (null where there is none), both prompts, label to text, and the program."""
    params = reading.params
    return {
        "infotext": reading.infotext,
        "prompt": params.prompt if params else "",
        "negative_prompt": params.negative_prompt if params else "",
        "parameters": dict(params.fields) if params else {},
        "program": reading.program,
        "place": reading.place,
        "notes": list(reading.notes),
        "width": reading.width,
        "height": reading.height,
    }


def tags_answer(observed: ObservedTags) -> list[dict[str, Any]]:
    """Answer of `tag`: every tag, most confident first."""
    return [
        {"tag": tag.name, "category": tag.category.name.lower(), "confidence": round(tag.confidence, 4)}
        for tag in observed.tags
    ]


def diff_answer(diff: PromptDiff) -> list[dict[str, Any]]:
    """Answer of `diff`: every tag of either side with its class, weight, confidence (0: not seen) and witness."""
    return [
        {
            "tag": entry.tag,
            "class": entry.diff_class.value,
            "weight": entry.weight,
            "confidence": entry.confidence,
            "negated": entry.is_negated,
            "witness": entry.witness.value,
        }
        for entry in diff.entries
    ]


def advice_answer(advice: Advice) -> dict[str, Any]:
    """Answer of `advise`: the choice, the prompts to use, each reason with its rule, how sure it is, and the files."""
    return {
        "choice": choice_of(advice),
        "confidence": advice.confidence,
        "rests_on": list(advice.rests_on),
        "prompt": advice.prompt,
        "negative_prompt": advice.negative_prompt,
        "reasons": [
            {
                "rule": reason.rule_id,
                "text": reason.text,
                "weight": reason.weight,
                "evidence": list(reason.evidence),
            }
            for reason in advice.reasons
        ],
        "resources": resources_answer(advice.resources) if advice.resources else [],
    }


def choice_of(advice: Advice) -> str:
    """Spell the advice's choice: "embedded", "reverse" or "merge"."""
    return str(getattr(advice.choice, "value", advice.choice))


def outcome_answer(content: ReportContent, study: str, report: str) -> dict[str, Any]:
    """Answer of `tune` and `demo`; *study* and *report* are paths."""
    proof = content.held_out
    # Without a gain the winner is the baseline, and the other side of the rates is what failed to beat it.
    other = "winner" if content.is_gain else "candidate"
    return {
        "verdict": content.verdict,
        "baseline": _fields_answer(content.baseline),
        "winner": _fields_answer(content.winner),
        "held_out": {
            "seeds": proof.seeds,
            "gain": proof.gain,
            "ci95": list(proof.ci95),
            "win_rate": proof.win_rate,
            "luck": proof.luck,
        },
        "first_proof": None if content.first_proof is None else asdict(content.first_proof),
        "telling_seeds": content.telling_seeds,
        "cfg_share": None if content.cfg_share is None else asdict(content.cfg_share),
        "audit": None if content.audit is None else asdict(content.audit),
        "own_choices": None if content.own_choices is None else asdict(content.own_choices),
        "pictures": content.pictures,
        "study": study,
        "report": report,
        "judged": {
            "pictures": content.judged_pictures,
            "defect_rates": {rate.defect: {"baseline": rate.baseline, other: rate.winner} for rate in content.judged},
        },
    }


def _fields_answer(values: FieldValues) -> dict[str, Any]:
    return {
        "prompt": values.prompt,
        "negative_prompt": values.negative_prompt,
        "cfg_scale": values.cfg_scale,
        "loras": dict(values.loras),
    }
