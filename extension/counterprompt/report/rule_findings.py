"""The usual advice against what was measured here (DESIGN 2: the rules are priors, measurement overrules them)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.report.explanations import RuleFinding
from counterprompt.report.rules_on_scales import on_cfg, on_loras
from counterprompt.report.rules_on_words import on_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterprompt.report.content import Control
    from counterprompt.search.outcome import Outcome
    from counterprompt.search.plan import StudyPlan


def rule_findings(outcome: Outcome, plan: StudyPlan, controls: Sequence[Control]) -> tuple[RuleFinding, ...]:
    """Hold the rules of thumb that this study touched against what it found; only a proven winner can overrule one."""
    found = list(_on_controls(outcome, controls))
    if outcome.verdict.value == "gain":
        found += [*on_cfg(outcome), *on_loras(outcome), *on_words(outcome, plan)]
    return tuple(sorted(found, key=lambda each: each.agrees))


def _on_controls(outcome: Outcome, controls: Sequence[Control]) -> Iterator[RuleFinding]:
    for control in controls:
        low, high = control.ci95
        tells = "better than" if low > 0 else "worse than" if high < 0 else "no different, beyond doubt, from"
        here = f"Here it was {tells} your settings ({control.gain:+.2f} σ, 95 % interval {low:+.2f} to {high:+.2f})."
        if control.negative_prompt:
            advice = "The popular wall of words is pasted under every kind of prompt."
            yield RuleFinding("R-POPULAR", advice, here, low > 0)
        else:
            yield RuleFinding("R-NEVER-EMPTY", "A negative prompt should never be left empty.", here, high < 0)
