"""A winner without one of its terms: what is as good without it was not worth writing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.prompts.term_rewriting import TermRewriter
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from benchmarks.search.results import Chosen


def without_each_term(chosen: Chosen) -> list[Chosen]:
    """Return *chosen* once for each term of its negative prompt, without that term."""
    return [
        replace(chosen, negative_prompt=_without(chosen.negative_prompt, term))
        for term in dict.fromkeys(term.text for term in split_terms(chosen.negative_prompt))
    ]


def _without(negative_prompt: str, dropped: str) -> str:
    rewriter = TermRewriter(lambda term: None if term == dropped else term, lambda network: network)
    return rewriter.apply(negative_prompt)
