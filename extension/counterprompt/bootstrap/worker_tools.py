"""What a worker draws and scores with: its own generator, and its own scorer with what each study adds or keeps out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.bootstrap.generators import GeneratorChoice, load_generator, model_name
from counterprompt.bootstrap.scorer_extras import NO_EXTRAS, ScorerExtras, add_extras
from counterprompt.bootstrap.scorers import load_scorer

if TYPE_CHECKING:
    from counterprompt.ports import ProgressListener, Scorer
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.search.queue_terms import QueueTerms
    from counterprompt.search.work_queue import WorkQueue
    from counterprompt.search.worker import Worker
    from counterprompt.settings import Settings


@dataclass(frozen=True)
class WorkerChoice:
    """What the user chose for one worker."""

    generator: GeneratorChoice
    """What draws."""
    scorer_folder: Path | None = None
    """Folder of the scorer; None: the settings'."""
    tagger: Path | None = None
    """Whose defect tags count where a study wants such; None: the one that the study names."""


class WorkerTools:
    """Loads what a worker needs once, and fits it to one study after another.

    Raises:
        MissingModelError: a model is not there.
        GeneratorError: the WebUI does not answer.
        ScorerError: the settings name a device that is not here.
    """

    def __init__(self, choice: WorkerChoice, auth: str | None, settings: Settings, progress: ProgressListener) -> None:
        self._choice = choice
        self._settings = settings
        self._progress = progress
        self._generator = load_generator(choice.generator, auth)
        self._model = model_name(choice.generator, self._generator)
        is_fake = choice.generator.kind == "fake"
        self._own: ClipScorer | None = None if is_fake else load_scorer(settings, choice.scorer_folder)
        self._fitted: dict[tuple[tuple[str, ...] | None, ScorerExtras], Scorer] = {}

    def work_on(self, queue: WorkQueue) -> Worker:
        """Return a worker for the study of *queue*; the coordinator has tested the scorer, here its name must match.

        Raises:
            InvalidInputError: the study is drawn or scored by something else, or wants tags of the miniature's tagger
                on other pictures.
            MissingModelError: a preference model or the tagger that the study scores with is not here.
        """
        from counterprompt.search.worker import Worker

        return Worker(queue, self._generator, self._scorer(queue.terms), self._progress, model=self._model)

    def _scorer(self, terms: QueueTerms) -> Scorer:
        if self._own is None:
            from counterprompt.generation.fake import FakeScorer

            return FakeScorer()
        from counterprompt.miniature.reach import is_miniature

        key = (terms.heads, self._extras(terms))
        if key not in self._fitted:
            kept = with_heads(self._own, terms.heads)
            self._fitted[key] = add_extras(kept, key[1], self._settings, is_miniature=is_miniature(self._model))
        return self._fitted[key]

    def _extras(self, terms: QueueTerms) -> ScorerExtras:
        noted = ScorerExtras.from_notes(dict(terms.extras))
        tagger = str(self._choice.tagger or noted.tagger) if noted.has_tags else ""
        return replace(NO_EXTRAS, preference=noted.preference, has_tags=noted.has_tags, tagger=tagger)


def heads_of(scorer: Scorer) -> tuple[str, ...] | None:
    """Name the aesthetic heads of *scorer*, or of the one inside it; None where there are none."""
    inner = scorer
    while hasattr(inner, "scorer"):
        inner = inner.scorer
    return tuple(head.name for head in getattr(inner, "heads", ())) or None


def with_heads(scorer: ClipScorer, names: tuple[str, ...] | None) -> ClipScorer:
    """Return *scorer* with the heads called *names* alone; itself where they are None or it has none of them."""
    own = [head.name for head in scorer.heads]
    if names is None or not set(own) & set(names):  # another scorer: it is refused by its name
        return scorer
    for name in own:
        scorer = scorer if name in names else scorer.without_head(name)
    return scorer
