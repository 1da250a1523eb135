"""The pictures of a study that can be shown: those that were kept, seed by seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.candidate import BASELINE, candidate_from_json
from counterprompt.search.objective import PICTURES
from counterprompt.search.record import PICTURE_FOLDER, picture_key
from counterprompt.search.taste.questions import Option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optuna.trial import FrozenTrial

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.candidate import Candidate


class PicturePool:
    """Says which pictures of a study there are to choose from."""

    def __init__(self, folder: Path, baseline: GenerationRequest, scorer_name: str) -> None:
        self.folder = folder
        self._baseline = baseline
        self._scorer_name = scorer_name

    def by_seed(self, trials: Sequence[FrozenTrial], seeds: Sequence[int]) -> dict[int, list[Option]]:
        """List the pictures that finished *trials* have left on each of *seeds*; the user's own come first."""
        found: dict[int, dict[str, Option]] = {seed: {} for seed in seeds}
        for seed in seeds:
            own = Option(self.picture_name(BASELINE, seed), (), 0.0)
            found[seed][own.picture] = own
        for trial in trials:
            if "candidate" in trial.user_attrs:
                candidate = candidate_from_json(trial.user_attrs["candidate"])
                for seed, score, *_ in trial.user_attrs.get(PICTURES, ()):
                    name = self.picture_name(candidate, int(seed))
                    option = Option(name, tuple(sorted(trial.params.items())), float(score))
                    found.get(int(seed), {}).setdefault(name, option)
        return {seed: [each for each in options.values() if self.is_kept(each)] for seed, options in found.items()}

    def picture_name(self, candidate: Candidate, seed: int) -> str:
        """Say where the picture of *candidate* on *seed* is kept, relative to the study's folder."""
        request = candidate.render(self._baseline, seed)
        return f"{PICTURE_FOLDER}/{picture_key(request, self._scorer_name)[:24]}.png"

    def is_kept(self, option: Option) -> bool:
        """Say whether the picture of *option* is there."""
        return (self.folder / option.picture).is_file()
