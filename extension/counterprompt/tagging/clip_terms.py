"""The words a CLIP tagger knows: a term list, read from JSON.

`photo_terms.json` beside this module is the one for photographs; a CLIP's folder may bring its own as `terms.json`::

    {"neutral": ["a photo."], "templates": ["a photo of {}."], "threshold": 0.9, "scale": 100.0,
     "groups": [
        {"name": "animals", "terms": ["a dog", "a cat"]},
        {"name": "setting", "one_of": true, "neutral": [], "threshold": 0.6, "terms": ["indoors", "outdoors"]},
        {"name": "faults", "terms": [{"term": "blurry", "texts": ["a blurry photo."], "against": ["a sharp photo."]}]}
     ]}

Neutral texts, templates and threshold hold for every group that has none of its own. A term's article is part of its
texts and not of its tag: "a dog" is the tag "dog". All but the groups may be left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counterprompt.errors import MissingModelError

TERMS_NAME: Final = "terms.json"
BUILT_IN: Final = Path(__file__).with_name("photo_terms.json")
_SIZE_LIMIT: Final = 1 << 20
_NEUTRAL: Final = ("a photo.", "an image.")
_TEMPLATES: Final = ("a photo of {}.",)
_THRESHOLD: Final = 0.9
_ARTICLE: Final = re.compile(r"(?:an?|the) ")


@dataclass(frozen=True)
class Term:
    """One tag and what is said to the CLIP for it."""

    name: str
    """The tag, lower case, with spaces."""
    texts: tuple[str, ...]
    """Texts that describe it, at least one; their embeddings are averaged."""
    against: tuple[str, ...]
    """Texts that it competes with; empty only in a group whose terms compete with each other."""


@dataclass(frozen=True)
class TermGroup:
    """Terms that are scored in the same way."""

    name: str
    """What they have in common."""
    terms: tuple[Term, ...]
    """At least one."""
    is_one_of: bool
    """Whether they exclude each other, so that they compete with each other too."""
    threshold: float
    """Least confidence of a tag, 0 to 1."""


@dataclass(frozen=True)
class TermList:
    """Everything a CLIP tagger can say."""

    groups: tuple[TermGroup, ...]
    scale: float | None = None
    """What similarities are multiplied with before the softmax, above 0; None takes the CLIP's own."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every tag, in order."""
        return tuple(term.name for group in self.groups for term in group.terms)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that must be embedded, each once, in a fixed order."""
        terms = [term for group in self.groups for term in group.terms]
        return tuple(dict.fromkeys(text for term in terms for text in (*term.texts, *term.against)))


def read_terms(path: Path = BUILT_IN) -> TermList:
    """Read a term list; without a path the one for photographs.

    Raises:
        MissingModelError: it is missing, larger than 1 MiB, no such list, or names a tag twice.
    """
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise MissingModelError(f"{path} is larger than 1 MiB, so it is no term list; put the right file there.")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise MissingModelError(f"The term list {path} cannot be read ({error}); correct or replace it.") from error
    try:
        terms = _parse(content)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise MissingModelError(
            f"The term list {path} is not in its form ({type(error).__name__}: {error}); correct or replace it."
        ) from error
    if not terms.names or len(set(terms.names)) < len(terms.names):
        raise MissingModelError(f"The term list {path} is empty or names a tag twice; correct it.")
    return terms


def _parse(content: dict[str, Any]) -> TermList:
    scale = content.get("scale")
    if scale is not None and not 0.0 < float(scale) < float("inf"):
        raise ValueError(f"the scale {scale} must be above 0")
    usual: dict[str, Any] = {key: content[key] for key in ("neutral", "templates", "threshold") if key in content}
    groups = tuple(_parse_group({**usual, **group}) for group in content["groups"])
    return TermList(groups, None if scale is None else float(scale))


def _parse_group(group: dict[str, Any]) -> TermGroup:
    neutral = _texts(group.get("neutral", _NEUTRAL))
    templates = _texts(group.get("templates", _TEMPLATES))
    is_one_of = group.get("one_of", False) is True
    threshold = float(group.get("threshold", _THRESHOLD))
    if not 0.0 <= threshold <= 1.0:
        raise ValueError(f"the threshold {threshold} must lie within 0 to 1")
    terms = tuple(_parse_term(entry, templates, neutral) for entry in group["terms"])
    if not is_one_of and not all(term.against for term in terms):
        raise ValueError(f'the group "{group["name"]}" has nothing that its terms compete with')
    return TermGroup(str(group["name"]), terms, is_one_of, threshold)


def _parse_term(entry: str | dict[str, Any], templates: tuple[str, ...], neutral: tuple[str, ...]) -> Term:
    fields = {"term": entry} if isinstance(entry, str) else entry
    phrase = " ".join(str(fields["term"]).lower().split())
    texts = _texts(fields.get("texts", [template.replace("{}", phrase) for template in templates]))
    name = _ARTICLE.sub("", phrase, count=1) if _ARTICLE.match(phrase) else phrase
    if not name or "," in name or not texts:
        raise ValueError(f'the term "{phrase}" is empty or holds a comma')
    return Term(name, texts, _texts(fields.get("against", neutral)))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)
