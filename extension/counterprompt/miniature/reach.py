"""How far the miniature's tagger and scorer reach: pictures of the miniature, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

TAGGER_REMARK: Final = (
    "The miniature's tagger knows nothing but the miniature's flat shapes, and this is no picture of the miniature, so "
    "its tags mean little here; name a real tagger with --tagger FOLDER or COUNTERPROMPT_TAGGER."
)


def is_miniature(model_name: str | None) -> bool:
    """Whether a checkpoint of this name is the miniature; None is one without a name."""
    return model_name is not None and model_name.startswith("miniature")


def remark_on_tagger(params: GenerationParams | None) -> str:
    """Say in one sentence that the miniature's tagger does not know the picture of *params*; "" where it does."""
    return "" if params is not None and is_miniature(params.model_name) else TAGGER_REMARK


def remark_on_scorer(model_name: str) -> str:
    """Say in one sentence that the miniature's scorer cannot judge what *model_name* draws; "" where it can."""
    if is_miniature(model_name):
        return ""
    return (
        "The miniature's scorer has learned from nothing but the miniature's pictures, so its scores of "
        f"{model_name or 'another model'} mean little; name a real scorer with --scorer FOLDER or COUNTERPROMPT_SCORER."
    )
