"""Runs one study that was ordered in the WebUI, in whatever thread calls it."""

from __future__ import annotations

import logging
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from counterprompt.bootstrap import generators, pictures, stories, studies
from counterprompt.bootstrap.prompt_pictures import draw_prompt
from counterprompt.bootstrap.scorer_extras import NO_EXTRAS, ScorerExtras
from counterprompt.errors import CounterpromptError, StoppedError
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.taste.asking_notes import asking_notes, noted_asking
from counterprompt.search.taste.interview import Asking
from counterprompt.webui.study_folder import PICTURE_FILE, at_rest, is_generates, read_order
from counterprompt.webui.study_watch import WATCH_FOLDER, WatchedGenerator
from counterprompt.workflow.tuning import plan_tuning, resume, tune

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from counterprompt.ports import ImageGenerator
    from counterprompt.report.content import ReportContent
    from counterprompt.search.taste.questions import Person
    from counterprompt.settings import Settings
    from counterprompt.webui.study_values import StudyOrder, StudyState
    from counterprompt.webui.study_watch import StudyWatch
    from counterprompt.workflow.baseline import TuneChoices
    from counterprompt.workflow.tuning import StudyAdapters

_log = logging.getLogger(__name__)


@runtime_checkable
class GuestGenerator(Protocol):
    """A generator in somebody else's process: it need not finish what it has begun, and leaves the place as it was."""

    def interrupt(self) -> None:
        """End the batch in hand within a step and draw no other; safe from any thread."""

    def close(self) -> None:
        """Put back what drawing has changed."""


@dataclass(frozen=True)
class StudyWorkplace:
    """What a study in the WebUI works with."""

    generator: ImageGenerator
    """Draws; the one in the WebUI's own process, or the fake one."""
    settings: Settings
    """Where models lie."""
    extras: ScorerExtras = NO_EXTRAS
    """What joins the scorer of a new study."""

    def extras_for(self, choices: TuneChoices) -> ScorerExtras:
        """Return what joins the scorer of a new study with *choices*: the tagger too where somebody is to look."""
        looks = choices.looks_again or choices.has_anti_prompt
        return self.extras.with_evidence(self.settings.tagger_folder) if looks else self.extras

    def break_off(self) -> None:
        """End the batch in hand within a step and draw no other, where the generator can; safe from any thread."""
        if isinstance(self.generator, GuestGenerator):
            self.generator.interrupt()

    def close(self) -> None:
        """Leave the host as it was before the first picture; raises nothing."""
        try:
            if isinstance(self.generator, GuestGenerator):
                self.generator.close()
        except Exception:
            _log.exception("The host could not be left as it was; its next generation loads its own LoRAs")


def run_order(
    order: StudyOrder, folder: Path, workplace: StudyWorkplace, watch: StudyWatch, person: Person | None = None
) -> ReportContent:
    """Run the study of *order* in *folder*, or go on with the one that is there; *person* answers its questions.

    Raises:
        InvalidInputError: the picture or a value is no good, or another program runs this study.
        MissingModelError: a model is not there.
        GeneratorError: the generator failed.
        ScorerError: the scorer failed its self-test.
        StoppedError: *watch* wanted it to end; call again to go on.
    """
    watch.advance("loading", watch.pictures, max(watch.pictures, order.choices.budget))
    if (folder / PLAN_FILE).exists():
        return _go_on(folder, workplace, watch, person)
    generator, settings = workplace.generator, workplace.settings
    choice = _choice_for(generator)
    model = generators.model_name(choice, generator)
    picture = _picture_of(order, folder, generator, model)
    image = pictures.open_picture(picture)
    extras = workplace.extras_for(order.choices)
    adapters = studies.load_adapters(choice, generator, settings, watch, lambda: image, settings.scorer_folder, extras)
    story = stories.tell_story(picture, settings, generator=generator)
    watch.say("\n".join((*adapters.remarks, *story.remarks)))
    noted = studies.study_notes(choice, generator, settings, extras=extras)
    notes = {**noted, **asking_notes(order.questions)}
    plan = plan_tuning(story, order.choices, notes, order.baseline)
    return tune(image, story, plan, _watched(adapters, folder, watch, asking_of(notes, person)), folder)


def run_to_end(
    folder: Path,
    workplace: Callable[[], StudyWorkplace],
    watch: StudyWatch,
    person: Person,
    wish: Callable[[], StudyState | None],
) -> dict[str, object]:
    """Run the study ordered in *folder* and return what its status is at its end, whatever happens; raises nothing.

    *wish* says in which state somebody wanted it to end early; where nobody did, the host broke it off, as it does
    when its page is reloaded.
    """
    try:
        with closing(workplace()) as place:
            content = run_order(read_order(folder), folder, place, watch, person)
        return {"state": "done", "verdict": content.verdict, "message": "", **pictures_to_show(content, folder)}
    except StoppedError as error:
        return at_rest(folder, wish() or "paused", str(error))
    except CounterpromptError as error:
        return at_rest(folder, "failed", str(error))
    except Exception as error:
        _log.exception("The study in %s failed", folder)
        said = f"{type(error).__name__}: {error}"[:300]
        return at_rest(
            folder, "failed", f"It broke off ({said}); the console says more. Nothing drawn is lost: go on with it."
        )


def pictures_to_show(content: ReportContent, folder: Path) -> dict[str, Path | None]:
    """Choose the proof's pictures to show, where the difference is about the mean, and throw the watched ones away."""
    shutil.rmtree(folder / WATCH_FOLDER, ignore_errors=True)
    if not content.pairs:
        return {"baseline_picture": None, "best_picture": None}
    shown = min(content.pairs, key=lambda pair: abs(pair.gain - content.held_out.gain))
    return {"baseline_picture": folder / shown.baseline, "best_picture": folder / shown.winner}


def asking_of(notes: Mapping[str, str], person: Person | None) -> Asking:
    """Return who is asked, by the *notes* of a study.

    Raises:
        InvalidInputError: the notes are damaged.
    """
    questions, weight = noted_asking(notes)
    return Asking(person if questions else None, questions, weight)


def _go_on(folder: Path, workplace: StudyWorkplace, watch: StudyWatch, person: Person | None) -> ReportContent:
    asking = asking_of(dict(load_plan(folder).notes), person)
    adapters = studies.load_adapters_again(
        folder, _choice_for(workplace.generator), workplace.generator, workplace.settings, watch
    )
    return resume(folder, _watched(adapters, folder, watch, asking))


def _choice_for(generator: ImageGenerator) -> generators.GeneratorChoice:
    return generators.GeneratorChoice("fake" if generator.name == "fake" else generators.HOST)


def _picture_of(order: StudyOrder, folder: Path, generator: ImageGenerator, model: str) -> Path:
    if order.picture is not None:
        return folder / PICTURE_FILE
    assert order.baseline is not None
    return draw_prompt(order.baseline, generator, model, folder)


def _watched(adapters: StudyAdapters, folder: Path, watch: StudyWatch, asking: Asking) -> StudyAdapters:
    drawer = WatchedGenerator(adapters.generator, folder, watch)
    return replace(adapters, generator=drawer, asking=asking, may_prove_again=not is_generates(folder))
