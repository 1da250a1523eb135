"""A person chooses among the pictures of a study that exists: what to ask next, and what was answered."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.ports import SilentProgress
from counterprompt.search.candidate import BASELINE, candidate_from_json
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.folder import TRIALS_FILE, load_outcome, load_plan, scorer_of
from counterprompt.search.objective import PICTURES
from counterprompt.search.record import ScoreRecord
from counterprompt.search.study import open_search
from counterprompt.search.taste.archive import Archive
from counterprompt.search.taste.interview import Interview
from counterprompt.search.taste.proof import FEWEST_PAIRS, count_pairs, open_pairs, pair_questions
from counterprompt.search.taste.questions import Purpose, Word, answer_named
from counterprompt.search.taste.summary import TasteSummary, summarise
from counterprompt.search.time_limit import settled_plan
from counterprompt.search.trial_file import TrialFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator
    from counterprompt.search.taste.answer_book import AnswerBook
    from counterprompt.search.taste.questions import Answer, Person, Question


_REMEDIES = {
    Purpose.SEARCH: "its search kept no pictures of two candidates on one seed; draw some with --draw 40, "
    "or start it with `tune --choose`.",
    Purpose.PROOF: "all pairs are answered, or the study has not ended; `counterprompt resume` ends it.",
}


class ChoiceDesk:
    """Asks about one study and takes the answers down; `open_desk` makes one."""

    def __init__(self, folder: Path, interview: Interview, file: TrialFile, search_seed: int) -> None:
        self.folder = folder
        self.book: AnswerBook = interview.book
        self._interview = interview
        self._file = file
        self._search_seed = search_seed
        self._pairs = _pairs_of(load_outcome(folder))

    def next_question(self, purpose: Purpose = Purpose.SEARCH) -> Question | None:
        """Return what to ask next for *purpose*, or None where there is nothing (more) to ask.

        For the search that is what would tell most by what is believed now; it takes pictures of two candidates on one
        seed. For the proof it is the study's best candidate against the user's settings, where the study has ended.
        """
        self.book.refresh()
        question: Question | None
        if purpose is Purpose.SEARCH:
            question = self._interview.next_question(self._file)
        else:
            kept = [pair for pair in self._pairs if all((self.folder / name).is_file() for name in pair[1:])]
            wanted = pair_questions(kept, self._search_seed)
            said = {each.key: answer for each, answer in self.book.answered}
            question = next(iter(open_pairs(wanted, said)), None)
        if question is not None:
            self.book.ask(question)
        return question

    def answer(self, question: Question, answer: Answer) -> None:
        """Write the *answer* down in the study's folder; a study that runs hears it before its next trial."""
        self.book.answer(question, answer)

    def pictures(self, question: Question) -> list[Image.Image]:
        """Open the pictures of *question*, in RGB.

        Raises:
            InvalidInputError: one has gone since.
        """
        from PIL import Image

        try:
            return [Image.open(self.folder / option.picture).convert("RGB") for option in question.options]
        except OSError as error:
            raise InvalidInputError(f"A picture of {self.folder} cannot be opened ({error}); ask again.") from error

    def take_answers(self, answers: Mapping[str, str]) -> int:
        """Write down *answers*, keys of questions to what `answer_named` reads; return how many there were.

        Raises:
            InvalidInputError: one is no answer, or to no question of this study; then none is written down.
        """
        self.book.refresh()
        read = [(self.book.question(key), text) for key, text in answers.items()]
        taken = [(question, answer_named(text, len(question.options))) for question, text in read]
        for question, answer in taken:
            self.book.answer(question, answer)
        return len(taken)

    def summary(self) -> TasteSummary | None:
        """Say what all answers so far come to; None where there are none."""
        self.book.refresh()
        answered = self.book.answered
        return summarise(answered, self._interview.weight, count_pairs(self._pairs, answered))


def interview_person(desk: ChoiceDesk, person: Person, purpose: Purpose, count: int) -> int:
    """Ask *person* up to *count* questions for *purpose* and take the answers down; return how many were given.

    Raises:
        InvalidInputError: there was not one question to ask.
        StoppedError: the person left; what was answered is kept.
    """
    for at in range(count):
        question = desk.next_question(purpose)
        if question is None:
            if at:
                return at
            raise InvalidInputError(f"There is nothing to choose from in {desk.folder}: {_REMEDIES[purpose]}")
        answer = person.answer(question, desk.pictures(question), count - at - 1)
        if answer.word is Word.ENOUGH:
            return at
        desk.answer(question, answer)
    return count


@contextmanager
def open_desk(folder: Path) -> Iterator[ChoiceDesk]:
    """Open the study in *folder*, running or not, for questions; nothing is generated.

    Raises:
        InvalidInputError: no study lives there, or its search has not begun.
    """
    with _opened(folder) as (_, interview, file):
        yield ChoiceDesk(folder, interview, file, load_plan(folder).search_seed)


def draw_missing(folder: Path, generator: ImageGenerator, most: int) -> int:
    """Draw again, with the study's *generator*, up to *most* pictures of the search that were not kept; count them.

    The seeds that have most of them already come first. They are not scored again: their scores are known.

    Raises:
        InvalidInputError: no study lives there, or its search has not begun.
        GeneratorError: from the generator.
    """
    plan = settled_plan(load_plan(folder), folder)
    with _opened(folder) as (evaluator, _, file):
        missing: dict[int, list[GenerationRequest]] = {seed: [] for seed in plan.search_seeds}
        for trial in file.finished():
            candidate = candidate_from_json(trial.user_attrs["candidate"]) if PICTURES in trial.user_attrs else BASELINE
            for seed in (int(picture[0]) for picture in trial.user_attrs.get(PICTURES, ())):
                request = candidate.render(plan.baseline, seed)
                if not (folder / evaluator.picture_name(candidate, seed)).is_file():
                    missing.setdefault(seed, []).append(request)
        wanted = [request for requests in sorted(missing.values(), key=len) for request in dict.fromkeys(requests)]
        for start in range(0, min(most, len(wanted)), evaluator.batch_size):
            batch = wanted[start : start + evaluator.batch_size][: most - start]
            for request, image in zip(batch, generator.generate(batch)):
                evaluator.record.keep_picture(request, image)
    return min(most, len(wanted))


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Evaluator, Interview, TrialFile]]:
    plan = settled_plan(load_plan(folder), folder)
    if not (folder / TRIALS_FILE).is_file():
        raise InvalidInputError(
            f"The search in {folder} has not begun; go on with `counterprompt resume {folder}` first."
        )
    archive = Archive(scorer_of(folder))
    with closing(ScoreRecord(folder, archive.name)) as record:
        evaluator = Evaluator(plan.baseline, archive, archive, record, SilentProgress(), 0)
        _, stage = open_search(plan, evaluator)
        stage.recall(file := TrialFile(folder / TRIALS_FILE))
        interview = Interview(folder, plan, archive.name, stage.sampler)
        yield evaluator, interview, file


def _pairs_of(outcome: Mapping[str, Any] | None) -> list[tuple[int, str, str]]:
    if outcome is None:
        return []
    pairs = outcome["held_out"]["pairs"][: max(FEWEST_PAIRS, 64)]
    return [(int(pair["seed"]), str(pair["baseline_picture"]), str(pair["challenger_picture"])) for pair in pairs]
