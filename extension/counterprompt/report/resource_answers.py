"""The files that made a picture and what is here of them, for machines and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterprompt.advice.resources import ResourceFinding, Resources

_TAGS_TOLD = 5


def resources_answer(resources: Resources) -> list[dict[str, Any]]:
    """Answer of `resources`: each file with its state, the file here, what a LoRA was trained on, and the nearest."""
    return [_answer(finding) for finding in resources.findings]


def _answer(finding: ResourceFinding) -> dict[str, Any]:
    mention, file, nearest = finding.mention, finding.file, finding.nearest
    training = file.training if file else None
    return {
        "kind": mention.kind.value,
        "name": mention.name,
        "hash": mention.written.digits if mention.written else None,
        "state": finding.state.value,
        "file": file.name if file else None,
        "family": file.family.value if file else None,
        "base_model": training.base_model if training else None,
        "trained_on": [tag for tag, _ in training.tags[:_TAGS_TOLD]] if training else [],
        "nearest": {"name": nearest.name, "score": nearest.score, "why": list(nearest.why)} if nearest else None,
    }


def resource_rows(resources: Resources) -> list[tuple[str, str]]:
    """Word each file as a label and what is here of it."""
    return [(_label(finding), _sentence(finding)) for finding in resources.findings]


def _label(finding: ResourceFinding) -> str:
    written = finding.mention.written
    name = finding.mention.name or "without a name"
    return f"{finding.mention.kind.value} {name}" + (f" [{written.digits[:12]}]" if written else "")


def _sentence(finding: ResourceFinding) -> str:
    parts = [finding.state.value]
    if finding.file and finding.file.name != finding.mention.name:
        parts.append(f"here {finding.file.name}")
    if finding.mention.written is None:
        parts.append("the picture gives no hash")
    training = finding.file.training if finding.file else None
    if training and training.tags:
        parts.append("trained on " + ", ".join(tag for tag, _ in training.tags[:_TAGS_TOLD]))
    if finding.nearest:
        why = "; ".join(finding.nearest.why)
        parts.append(f"nearest here: {finding.nearest.name} ({finding.nearest.score:.0%}: {why})")
    return ", ".join(parts)
