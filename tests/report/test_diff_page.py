"""The diff as a page, and what hostile text cannot do to it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.report.diff_page import render_diff_page, write_diff_page
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff, Witness
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory
from counterprompt.tags.probed import ProbedTerm

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<style>@import '//evil.example/x.css'</style>",
    "<form action=//evil.example><button>x</button></form>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</pre></details><script>alert(1)</script>",
    "</li></ul><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr\nipt>alert(1)</scr\nipt>",
    "\ufeff<script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    "\ud800<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "javascript:alert(1)",
    "<plaintext>",
    "<textarea>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
)

DIFF_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h2", "p", "b", "span", "ul", "li"),
    *("small", "details", "summary", "pre"),
}


class Skeleton(HTMLParser):
    """Collects the tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its attributes' names."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        """There is none in the page."""
        self.tags.append(("comment", ()))


def skeleton(page: str) -> Skeleton:
    """Parse *page*."""
    parsed = Skeleton()
    parsed.feed(page)
    parsed.close()
    return parsed


def page_with(text: str) -> str:
    """Put *text* in every field of the page, and in each class once."""
    entries = tuple(DiffEntry(text, diff_class, 1.0, 0.5, witness=Witness.PROBE) for diff_class in DiffClass)
    return render_diff_page(PromptDiff(entries), title=text, prompts=(text, text))


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_stays_text(payload: str) -> None:
    """Whatever stands in a field, the page has the tags and attributes it has with a plain word, and shows the text."""
    hostile = skeleton(page_with(payload))

    assert skeleton(page_with("word")).tags == hostile.tags
    assert {tag for tag, _ in hostile.tags} == DIFF_TAGS
    shown = "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in payload)
    assert 9 + 1 == "".join(hostile.text).count(shown)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_prompts_tags_and_probes_stay_text(payload: str) -> None:
    """The way from prompt, tagger and probe to the page lets no markup through either."""
    observed = ObservedTags((ObservedTag(payload, TagCategory.GENERAL, 0.9),), frozenset({payload}))
    diff = diff_prompt(payload, f"{payload} other", observed, [ProbedTerm(f"{payload} probe", 0.9)])
    page = skeleton(render_diff_page(diff, title="picture.png"))

    assert {tag for tag, _ in page.tags} <= DIFF_TAGS
    assert {name for _, names in page.tags for name in names} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "title",
    }


def test_the_page_forbids_scripts() -> None:
    """Even what slipped through could not run or load anything."""
    page = page_with("word")

    assert "default-src 'none'; style-src 'unsafe-inline'\"" in page
    assert "<script" not in page


def test_the_page_tells_the_agreement() -> None:
    """The share of what shows stands above the chips."""
    diff = PromptDiff((DiffEntry("a", DiffClass.CONFIRMED, 1.0, 0.9), DiffEntry("b", DiffClass.MISSING, 3.0, 0.0)))

    assert "25% of what was asked for" in render_diff_page(diff, title="a.png")


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    """It replaces an older one, and nothing else is left."""
    (tmp_path / "diff.html").write_text("old")
    write_diff_page("new", tmp_path / "diff.html")

    assert ["diff.html"] == [path.name for path in tmp_path.iterdir()]
    assert "new" == (tmp_path / "diff.html").read_text()


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    """The message names the file and the remedy."""
    with pytest.raises(InvalidInputError, match=r"diff\.html cannot be written .* --html"):
        write_diff_page("new", tmp_path / "nowhere" / "diff.html")
