"""Words of prompts that a probe polices under another name, as a table with the reason for each row.

Only what a verdict of the probe really says of the words is taken from it: a probe that sees no fault may not confirm a
masterpiece, and a sharp picture may still be a bad one. Words that no row names (ugly, cropped, normal quality, error,
duplicate: taste, framing and a grade in the middle, none of which is a probe's question) stay unjudged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterprompt.prompts.folding import fold_words


@dataclass(frozen=True)
class ProbeWords:
    """One row: words, and the probes whose verdict is theirs."""

    words: tuple[str, ...]
    """As in prompts; folding covers case, underscores and plurals."""
    probes: tuple[str, ...]
    """Terms of probes; those that a scorer lacks do not count."""
    reason: str
    """Why these probes may speak for them."""
    is_opposite: bool = False
    """Whether the words say that the fault is absent."""
    can_be_seen: bool = True
    """Whether a sure verdict can say that what the words mean shows."""
    can_be_unseen: bool = True
    """Whether a sure verdict can say that it does not."""

    @property
    def is_the_fault(self) -> bool:
        """Whether the words name what one probe polices, no more and no less."""
        return len(self.probes) == 1 and not self.is_opposite and self.can_be_seen and self.can_be_unseen


PROBE_WORDS: Final = (
    ProbeWords(
        ("worst quality", "low quality photo", "low quality picture", "low quality image", "low detail", "bad photo"),
        ("low quality",),
        "The probe knows good and bad only; prompts use the lowest grade as another word for a low one.",
    ),
    ProbeWords(
        ("low quality", "worst quality", "bad quality", "poor quality"),
        ("blurry", "noisy", "jpeg artifacts"),
        "A blurred, noisy or blocky picture is of low quality; one that is none of these may be so all the same.",
        can_be_unseen=False,
    ),
    ProbeWords(
        ("high quality", "good quality", "high quality photo", "high resolution", "hires", "highres"),
        ("low quality",),
        "The probe's good texts say high quality and high resolution.",
        is_opposite=True,
    ),
    ProbeWords(
        ("masterpiece", "best quality", "amazing quality", "great quality", "top quality", "ultra high quality"),
        ("low quality",),
        "A picture of low quality is no masterpiece, but one without faults need not be one.",
        is_opposite=True,
        can_be_seen=False,
    ),
    ProbeWords(
        ("sharp focus", "in focus", "sharp", "sharp image", "sharp photo", "crisp", "tack sharp"),
        ("blurry",),
        "The probe's good texts say sharp and in focus.",
        is_opposite=True,
    ),
    ProbeWords(
        ("noise free", "noiseless", "no noise", "clean image", "no grain"),
        ("noisy",),
        "The probe's good texts say clean and noise-free.",
        is_opposite=True,
    ),
    ProbeWords(
        ("well exposed", "perfect exposure", "balanced exposure"),
        ("overexposed", "underexposed"),
        "Well exposed is neither too bright nor too dark.",
        is_opposite=True,
    ),
    ProbeWords(
        ("good anatomy", "perfect anatomy", "correct anatomy", "accurate anatomy", "anatomically correct"),
        ("bad anatomy",),
        "The probe's good texts say correct anatomy and a natural body.",
        is_opposite=True,
    ),
    ProbeWords(
        ("perfect hands", "good hands", "detailed hands", "well drawn hands", "five fingers"),
        ("bad hands",),
        "The probe's good texts say well drawn hands with five natural fingers.",
        is_opposite=True,
    ),
    ProbeWords(
        ("deformed", "disfigured", "malformed", "mutated", "mutation", "bad body", "deformed body", "malformed limbs"),
        ("bad anatomy",),
        "The probe's bad texts say a deformed body.",
    ),
    ProbeWords(
        ("missing arms", "missing legs", "fused limbs", "floating limbs", "disconnected limbs", "long neck"),
        ("bad anatomy",),
        "Each is bad anatomy; what the probe does not call bad anatomy is none of them.",
        can_be_seen=False,
    ),
    ProbeWords(
        ("jpeg", "jpeg artifact", "artifacts", "image artifacts", "compression"),
        ("jpeg artifacts",),
        "In prompts artifacts are those of compression.",
    ),
    ProbeWords(
        ("natural colors", "balanced colors", "muted colors"),
        ("garish colors",),
        "The probe's good text says natural, balanced colors.",
        is_opposite=True,
    ),
)
"""Rows are asked in this order; the first that is sure gives the verdict."""


def rows_for(text: str) -> tuple[ProbeWords, ...]:
    """Return the rows that name *text*, a term without prompt syntax, in the table's order."""
    return _ROWS.get(fold_words(text), ())


_ROWS: Final[dict[tuple[str, ...], tuple[ProbeWords, ...]]] = {}
for _row in PROBE_WORDS:
    for _words in _row.words:
        _ROWS[fold_words(_words)] = (*_ROWS.get(fold_words(_words), ()), _row)
