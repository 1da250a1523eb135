"""Turns candidates into scores: the record first, the generator only for what is not in it."""

from __future__ import annotations

from collections import deque
from copy import copy
from typing import TYPE_CHECKING

from counterprompt.errors import StoppedError
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.pace import PaceMeter
from counterprompt.search.record import ScoreRecord, picture_key
from counterprompt.search.source import LocalSource, PictureSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator, ProgressListener, Scorer, Scores
    from counterprompt.search.objective import ComponentDeltas, Objective


class Evaluator:
    """Scores candidates of one study on given seeds.

    It counts every picture that the study asked for, generated now or found in the record, so that a resumed study
    spends its budget exactly as an uninterrupted one.
    """

    def __init__(
        self,
        baseline: GenerationRequest,
        generator: ImageGenerator,
        scorer: Scorer,
        record: ScoreRecord,
        progress: ProgressListener,
        budget: int,
    ) -> None:
        self.baseline = baseline
        self.record = record
        self.budget = budget
        self.note = ""
        self.keeps_all = False
        self._generator = generator
        self._scorer = scorer
        self.progress = progress
        self._source = generator if isinstance(generator, PictureSource) else LocalSource(generator, scorer)
        self._asked: set[str] = set()
        self._awaited: set[str] = set()
        self._later: deque[GenerationRequest] = deque()
        self.pace = PaceMeter(progress)

    @property
    def pictures(self) -> int:
        """How many different pictures the study has asked for so far."""
        return len(self._asked)

    @property
    def batch_size(self) -> int:
        """How many pictures the generator is best given at once, at least 1."""
        return max(1, self._generator.batch_size)

    @property
    def awaited(self) -> int:
        """How many pictures have been ordered and are not recorded yet."""
        return len(self._awaited)

    @property
    def room(self) -> int:
        """How many more orders the source could start on soon."""
        return self._source.room

    @property
    def is_shared(self) -> bool:
        """Whether others generate, several batches at a time and in any order."""
        return not isinstance(self._source, LocalSource)

    def beside(self, baseline: GenerationRequest) -> Evaluator:
        """Return an evaluator for other settings, whose pictures count as this one's and are recorded with them."""
        other = copy(self)
        other.baseline = baseline
        return other

    def cost(self, candidate: Candidate, seeds: Sequence[int]) -> int:
        """Count the pictures of *candidate* on *seeds* that have not been asked for yet."""
        keys = (self._key(self._request(candidate, seed)) for seed in seeds)
        return sum(key not in self._asked and key not in self._awaited for key in keys)

    def scores(self, candidate: Candidate, seeds: Sequence[int], stage: str, keep: bool = False) -> list[Scores]:
        """Score *candidate* on each seed, in order; *keep* its pictures for the report.

        Raises:
            StoppedError: the listener asked to stop; what was scored is recorded.
            GeneratorError: from the generator; what was scored is recorded.
        """
        requests = [self._request(candidate, seed) for seed in seeds]
        self.order(candidate, seeds, keep)
        while any(self._key(request) in self._awaited for request in requests):
            self.refuse_if_stopped()
            self.take_in(stage)
        found = self.recorded_scores(candidate, seeds)
        assert len(found) == len(seeds)
        return found

    def order(self, candidate: Candidate, seeds: Sequence[int], keep: bool = False) -> int:
        """Ask for the pictures of *candidate* on *seeds* that are neither recorded nor on their way; count them.

        `take_in` gets them; `scores` does both.
        """
        requests = dict.fromkeys(self._request(candidate, seed) for seed in seeds)
        missing = []
        for request in requests:
            if self.record.find(request) is not None:
                self._asked.add(self._key(request))
            elif self._key(request) not in self._awaited:
                missing.append(request)
        if missing:
            self._source.submit(missing, keep or self.keeps_all)
        self._awaited.update(map(self._key, missing))
        return len(missing)

    def order_when_idle(self, seeds: Sequence[int]) -> None:
        """Have the baseline's pictures on *seeds*, which are needed for certain, drawn where workers would wait.

        They are kept, and count once they are asked for. Where nobody but this process draws, nothing happens.
        """
        if self.is_shared:
            self._later.extend(self._request(BASELINE, seed) for seed in seeds)

    def _keep_busy(self) -> None:
        piece = max(1, self.batch_size // 2)  # what is urgent must not wait long behind it
        while self._later and self._source.room:
            requests = [self._later.popleft() for _ in range(min(piece, len(self._later)))]
            missing = [each for each in requests if self._key(each) not in self._awaited and not self.record.find(each)]
            if missing:
                self._source.submit(missing, keep=True)

    def take_in(self, stage: str) -> None:
        """Record what has been generated and scored since the last call, waiting a while for something.

        Raises:
            GeneratorError: from the generator; what was scored is recorded.
            ScorerError: from the scorer; what was scored is recorded.
        """
        self._keep_busy()
        found = self._source.collect()
        self.pace.note(found, self.budget - self.pictures)
        for measured in found:
            for request, image in zip(measured.requests, measured.images):
                self.record.keep_picture(request, image)
            self.record.add(measured.requests, measured.scores)
            keys = set(map(self._key, measured.requests))
            self._asked |= keys & self._awaited  # what an earlier run ordered counts when this one asks for it
            self._awaited -= keys
            self.progress.advance(stage, self.pictures, self.budget, self.note)

    def recorded_scores(self, candidate: Candidate, seeds: Sequence[int]) -> list[Scores]:
        """Return what is recorded of *candidate* on *seeds*, in order; what is not is left out."""
        found = (self.record.find(self._request(candidate, seed)) for seed in seeds)
        return [scores for scores in found if scores is not None]

    def is_recorded(self, candidate: Candidate, seeds: Sequence[int]) -> bool:
        """Say whether every picture of *candidate* on *seeds* has been scored."""
        return all(self.record.find(self._request(candidate, seed)) is not None for seed in seeds)

    def refuse_if_stopped(self) -> None:
        """Raise a `StoppedError` where the listener asks to stop."""
        if self.progress.is_stop_requested():
            raise StoppedError(f"Stopped after {self.pictures} pictures; all are recorded, resume the study to go on.")

    def deltas(
        self, objective: Objective, candidate: Candidate, seeds: Sequence[int], stage: str, keep: bool = False
    ) -> list[ComponentDeltas]:
        """Score *candidate* and the baseline on each seed and return their differences, in order."""
        baseline = self.scores(BASELINE, seeds, stage, keep)
        scores = self.scores(candidate, seeds, stage, keep)
        return [objective.delta(each, own) for each, own in zip(scores, baseline)]

    def picture_name(self, candidate: Candidate, seed: int) -> str:
        """Say where the picture of *candidate* on *seed* is kept, relative to the study folder."""
        return self.record.picture_name(self._request(candidate, seed))

    def kept_pictures(self, candidate: Candidate, seeds: Sequence[int]) -> list[Image.Image]:
        """Open the pictures of *candidate* that were kept, in the order of *seeds*; those lost since are left out."""
        pictures = (self.record.open_picture(self._request(candidate, seed)) for seed in seeds)
        return [picture for picture in pictures if picture is not None]

    def request_key(self, candidate: Candidate) -> tuple[str, str, float]:
        """Return what tells candidates apart: prompt, negative prompt and CFG scale as rendered."""
        request = self._request(candidate, 0)
        return request.prompt, request.negative_prompt, request.cfg_scale

    def _request(self, candidate: Candidate, seed: int) -> GenerationRequest:
        return candidate.render(self.baseline, seed)

    def _key(self, request: GenerationRequest) -> str:
        return picture_key(request, self._scorer.name)
