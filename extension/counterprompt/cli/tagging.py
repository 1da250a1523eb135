"""The command that tags: a picture, or a folder of pictures for LoRA training."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.bootstrap import captions, pictures, taggers
from counterprompt.bootstrap.taggers import TaggerChoice
from counterprompt.cli.answers import answer_json, answer_text, warn
from counterprompt.cli.options import Auth, Json, TaggerFolder
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.tagging_options import (
    Agreement,
    Append,
    BatchSize,
    Blocked,
    BlockFile,
    CharacterThreshold,
    Escapes,
    LoneConfidence,
    Others,
    Overwrite,
    Prepend,
    Rating,
    SortOrder,
    Source,
    Threshold,
    Triggers,
    Underscores,
    Webui,
    WidestGap,
    Write,
)
from counterprompt.errors import IncompleteError, InvalidInputError
from counterprompt.ports import Tagger
from counterprompt.report.answers import tags_answer
from counterprompt.settings import load_settings

if TYPE_CHECKING:
    from counterprompt.tags.observed import ObservedTags

KINDS = ("none", "txt", "csv", "both")


def tag_command(
    source: Source,
    tagger: TaggerFolder = None,
    others: Others = [],  # noqa: B006 - typer copies it
    webui: Webui = "",
    auth: Auth = None,
    agreement: Agreement = 0.5,
    lone_confidence: LoneConfidence = 0.0,
    threshold: Threshold = None,
    character_threshold: CharacterThreshold = None,
    mcut: WidestGap = False,
    write: Write = "none",
    overwrite: Overwrite = False,
    append: Append = False,
    prepend: Prepend = False,
    trigger: Triggers = [],  # noqa: B006
    block: Blocked = [],  # noqa: B006
    block_file: BlockFile = None,
    underscores: Underscores = False,
    escape: Escapes = False,
    rating: Rating = False,
    sort: SortOrder = "confidence",
    batch_size: BatchSize = 8,
    as_json: Json = False,
) -> None:
    """Say what a tagger sees in a picture, or caption a folder of pictures for LoRA training.

    A folder that was stopped goes on where it was; exit code 6 says that some pictures were left out.
    """
    choice = TaggerChoice(
        tagger, tuple(others), webui, threshold, character_threshold, mcut, agreement, lone_confidence
    )
    style = captions.caption_style(
        triggers=tuple(trigger),
        blocked=(*(tag for text in block for tag in text.split(",")), *_lines(block_file)),
        has_underscores=underscores,
        has_escapes=escape,
        has_rating=rating,
        order=sort,
    )
    existing = _existing(overwrite=overwrite, append=append, prepend=prepend)
    plan = {"files": write, "existing": existing, "style": style, "batch_size": batch_size}
    _refuse_misfits(source, plan)
    loaded = taggers.load_taggers(load_settings(), choice, auth)
    if source.is_dir():
        _tag_folder(source, loaded, choice, plan, as_json)
    else:
        _tag_file(source, loaded, choice, plan, as_json)


def _tag_file(source: Path, tagger: Tagger, choice: TaggerChoice, plan: dict[str, Any], as_json: bool) -> None:
    picture = pictures.open_picture(source)
    observed = tagger.tag([picture])[0]
    _warn_of_the_miniature(choice, [source])
    caption = captions.render_caption(observed, plan["style"])
    if as_json:
        answer_json({"tags": tags_answer(observed), "caption": caption})
    else:
        answer_text(caption)


def _tag_folder(folder: Path, tagger: Tagger, choice: TaggerChoice, plan: dict[str, Any], as_json: bool) -> None:
    with TerminalProgress() as progress:
        done = _caption(folder, tagger, choice, plan, progress)
        progress.say(*done.remarks(), *(f"Left out {name}: {reason}" for name, reason in done.left_out.items()))
    if as_json:
        answer_json({"captions": done.captions, "kept": done.kept, "left_out": done.left_out, "written": done.written})
    else:
        answer_text(*(f"{name}: {caption}" for name, caption in done.captions.items()))
    _warn_of_the_miniature(choice, [folder / name for name in done.captions])
    if done.left_out:
        raise IncompleteError(
            f"Pictures of {folder} left out: {len(done.left_out)}, see the sentences above; the others are done."
        )


@dataclass(frozen=True)
class _Done:
    """What became of a folder."""

    captions: dict[str, str]
    left_out: dict[str, str]
    kept: tuple[str, ...] = ()
    resumed: int = 0
    written: tuple[str, ...] = ()

    def remarks(self) -> list[str]:
        """Say what was not done, because it was done before."""
        kept = f"Captions that were there already and were kept: {len(self.kept)}; --overwrite replaces them."
        resumed = f"Pictures that an earlier run had tagged already: {self.resumed}."
        return [*([kept] if self.kept else []), *([resumed] if self.resumed else [])]


def _caption(
    folder: Path, tagger: Tagger, choice: TaggerChoice, plan: dict[str, Any], progress: TerminalProgress
) -> _Done:
    if plan["files"] == "none":
        tagged, left_out = captions.tag_folder(folder, tagger, progress, plan["batch_size"])
        return _Done(_captions(tagged, plan), left_out)
    key = taggers.key_of(load_settings(), choice)
    done = captions.caption_folder(folder, tagger, progress, tagger_key=key, **plan)
    return _Done(done.captions, done.left_out, done.kept, done.resumed, tuple(str(path) for path in done.written))


def _captions(tagged: dict[str, "ObservedTags"], plan: dict[str, Any]) -> dict[str, str]:
    return {name: captions.render_caption(observed, plan["style"]) for name, observed in tagged.items()}


def _warn_of_the_miniature(choice: TaggerChoice, pictures: list[Path]) -> None:
    settings = load_settings()
    named = None if choice.is_miniature(settings) else choice.folder or Path(choice.webui or ".")
    warn(*taggers.remarks_on_tagger(settings, named, pictures))


def _refuse_misfits(source: Path, plan: dict[str, Any]) -> None:
    if plan["files"] not in KINDS:
        raise InvalidInputError(f"--write {plan['files']} is unknown; use txt, csv, both or none.")
    if plan["files"] != "none" and not source.is_dir():
        raise InvalidInputError(f"--write captions a folder, but {source} is none; name a folder.")
    if plan["files"] == "none" and plan["existing"] != "keep":
        raise InvalidInputError(f"--{plan['existing']} says what becomes of captions; add --write txt, csv or both.")


def _existing(**flags: bool) -> str:
    asked = [name for name, is_asked in flags.items() if is_asked]
    if len(asked) > 1:
        raise InvalidInputError(f"--{' and --'.join(asked)} exclude each other; use one of them.")
    return asked[0] if asked else "keep"


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The list {path} cannot be read ({error}); give a UTF-8 text file.") from error
