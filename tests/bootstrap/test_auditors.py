"""Which scorer is kept out of a study."""

import re
from pathlib import Path

import pytest

from counterprompt.bootstrap.auditors import HEADS, keep_out
from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.scorer_extras import ScorerExtras
from counterprompt.bootstrap.scorers import load_scorer, self_test_pairs
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.scoring.auditors import accept_auditor
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.scoring.preference_kinds import PREFERENCES
from counterprompt.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def scorer() -> ClipScorer:
    """The miniature's."""
    return load_scorer(Settings(Path("nowhere")))


@pytest.mark.parametrize(("wish", "left"), [("tagger", 6), ("probes:watermark, bad anatomy", 4), ("probes:blurry", 5)])
def test_the_miniature_has_auditors(scorer: ClipScorer, tmp_path: Path, wish: str, left: int):
    """The tagger takes no probe from the scorer, a group of probes is taken out; both rank damaged pictures right."""
    kept, auditor = keep_out(scorer, ScorerExtras(auditor=wish), Settings(tmp_path), is_miniature=True)

    assert left == len(kept.defects)
    assert accept_auditor(auditor, self_test_pairs(None)[::12]) > 0.9


def test_a_heads_file_audits(scorer: ClipScorer, tmp_path: Path):
    """A head that is the scorer's own and only one cannot be kept out; a copy under another name is another head."""
    import shutil

    own = miniature_folder() / "clip" / "aesthetic_head.safetensors"
    other = shutil.copy(own, tmp_path / "mine.safetensors")
    _, auditor = keep_out(scorer, ScorerExtras(auditor=str(other)), Settings(tmp_path))

    assert "mine" == auditor.name
    with pytest.raises(MissingModelError, match="only aesthetic head"):
        keep_out(scorer, ScorerExtras(auditor=str(own)), Settings(tmp_path))


@pytest.mark.parametrize(
    ("extras", "message"),
    [
        (ScorerExtras(auditor="nobody"), "no auditor 'nobody'.*laion-v1, laion-v2, laion-v2-ava, tagger"),
        (ScorerExtras("hpsv2.1", auditor="hpsv2.1"), "cannot steer the search and audit it"),
        (ScorerExtras(has_tags=True, auditor="tagger"), "leave out --tag-artifacts"),
        (ScorerExtras(auditor="tagger"), "cannot see defects in such pictures"),
        (ScorerExtras(auditor="probes:gloom"), "no probe for gloom"),
        (ScorerExtras(auditor="probes:"), "no probe for nothing"),
        (
            ScorerExtras(auditor="probes:blurry,noisy,overexposed,watermark,bad anatomy,vignette"),
            "leave one probe or more in",
        ),
    ],
)
def test_what_cannot_be_kept_out_is_refused(scorer: ClipScorer, tmp_path: Path, extras: ScorerExtras, message: str):
    """The message names what to leave out or what there is."""
    with pytest.raises(InvalidInputError, match=message):
        keep_out(scorer, extras, Settings(tmp_path))


@pytest.mark.parametrize(("wish", "place"), [("laion-v1", "sa_0_4_vit_l_14_linear.pth"), ("pickscore", "pickscore")])
def test_where_to_get_what_is_missing(scorer: ClipScorer, tmp_path: Path, wish: str, place: str):
    """A head or a preference model that is not here is named with its address and where it goes."""
    with pytest.raises(MissingModelError, match=f"download .*{place}"):
        keep_out(scorer, ScorerExtras(auditor=wish), Settings(tmp_path))


@pytest.mark.parametrize("page", ["commands.md", "jobs.md", "scorers.md"])
def test_every_auditor_is_documented(page: str):
    """Each page that says what can be kept out as the auditor names every head and preference model."""
    text = (DOCS / page).read_text("utf-8")

    assert [] == [name for name in (*HEADS, *PREFERENCES) if not re.search(rf"{re.escape(name)}(?![\w-])", text)]
