"""Which routes there are: all that a host's start loads of REST; what they do is loaded with the first request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PREFIX: Final = "/counterprompt/v1"
"""Where our routes are."""


@dataclass(frozen=True)
class Request:
    """One request that has been let in."""

    body: Mapping[str, Any] = field(default_factory=dict)
    """The JSON body; empty where the method has none."""
    name: str = ""
    """The study's id or the recipe's name in the address."""


ROUTES: Final = (
    ("POST", "/read", "read"),
    ("GET", "/studies", "list_studies"),
    ("POST", "/studies", "start_study"),
    ("GET", "/studies/{name}", "show_study"),
    ("POST", "/studies/{name}/pause", "pause_study"),
    ("POST", "/studies/{name}/stop", "stop_study"),
    ("POST", "/studies/{name}/resume", "resume_study"),
    ("POST", "/studies/{name}/prove", "prove_study"),
    ("GET", "/studies/{name}/result", "show_result"),
    ("GET", "/studies/{name}/report", "show_report"),
    ("GET", "/studies/{name}/best", "show_best"),
    ("GET", "/studies/{name}/baseline", "show_baseline"),
    ("GET", "/recipes", "list_recipes"),
    ("POST", "/recipes", "save_recipe"),
    ("GET", "/recipes/{name:path}", "show_recipe"),
    ("DELETE", "/recipes/{name:path}", "delete_recipe"),
)
"""Method, address below the prefix, and the method of RestWork: all that there is; what acts is never a GET."""
