"""Which numbers describe a candidate, so that a weighted sum of them can tell what it is worth."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms
from counterprompt.search.candidate import OWN
from counterprompt.search.space import own_lora_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.space import SearchSpace

    Matrix = npt.NDArray[np.float64]

CFG_UNIT = 2.0
"""Steps of CFG scale that count as one unit."""

LORA_UNIT = 0.2
"""Steps of LoRA weight that count as one unit."""

EMPHASIS_UNIT = 0.3
"""Steps of emphasis that count as one unit."""

TERM_DISTANCE = 1 / 5
"""How far one term more sets two pictures of a seed apart: at 1 they are e times less alike."""

VALUE_DISTANCE = 1 / 2.3
"""The same of one unit of a LoRA weight or the CFG scale. Emphasis leaves a picture much as it is, and so does whether
terms stand in the user's own text."""


class CandidateFeatures:
    """Turns points of a search space into numbers whose weighted sum is the expected objective value.

    A point is a row of parameter values in the order of `names`. Its features are differences from the user's own
    settings, so that those are worth 0 by construction. A term counts once, however many layers hold it. There is a
    feature for every piece, for every square of a value, for the crowd of terms, for every value with another piece,
    and for how little is left of the user's own picture; pairs of terms have none: with hundreds of them nothing could
    be learned from a few hundred pictures.

    They stand in this order: `words`, `texts` (the user's own, if any), `stresses` (emphases), `values` (LoRA weights,
    then CFG scale), `pairs`, the squares of the values, the crowd, the unlikeness.
    """

    def __init__(self, space: SearchSpace, baseline: GenerationRequest) -> None:
        self._layers = [layer.name for layer in space.offered_layers]
        terms = dict.fromkeys(term for layer in space.free_layers for term in layer.terms)
        self._has_own = bool(baseline.negative_prompt.strip())
        weights = own_lora_weights(baseline.prompt)
        own_scales = {f"lora:{lora.name}": weights.get(lora.name, lora.high) for lora in space.loras}
        units = dict.fromkeys(own_scales, LORA_UNIT)
        if space.cfg_range is not None:
            own_scales["cfg_scale"], units["cfg_scale"] = baseline.cfg_scale, CFG_UNIT
        self._scales, self._units = np.array(list(own_scales.values())), np.array(list(units.values()))
        self.names = (
            *([OWN] if self._has_own else []),
            *(f"layer:{name}" for name in self._layers),
            *(f"term:{term}" for term in terms),
            *(f"emphasis:{name}" for name in self._layers),
            *own_scales,
        )
        self._first = 1 if self._has_own else 0
        self._terms_at = self._first + len(self._layers)
        self.switches = self._terms_at + len(terms)
        self._lay_out_terms(space, baseline, list(terms))
        self.baseline_point: Matrix = self.points([{OWN: 1.0, **own_scales}])[0]
        self._origin: Matrix = np.zeros(0)
        mains = self._mains(self.baseline_point[None, :])
        terms = self.freed.shape[1]
        pairs = [(one, two) for one, two in combinations(range(mains.shape[1]), 2) if two >= terms]
        self._pairs = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        self.values, self.pairs = len(self._scales), len(self._pairs)
        self.texts, self.stresses = self._first, len(self._layers)
        counts = (terms, self.texts + self.stresses, self.values)
        self._own_mains, self._main_distances = mains, np.repeat([TERM_DISTANCE, 0.0, VALUE_DISTANCE], counts)
        self._origin = self._expand(mains)

    @property
    def distances(self) -> Matrix:
        """How far apart a unit of each feature sets the pictures of one seed, as `SharedLuck` takes it, shape (d,)."""
        distances = np.zeros(self._origin.shape[1])
        distances[: len(self._main_distances)] = self._main_distances
        return distances

    def look(self, point: Matrix) -> bytes:
        """Return what is the same for points that differ in emphasis alone."""
        told = (self._mains(point[None, :]) - self._own_mains)[0]
        tells = self._main_distances > 0
        tells[len(self._own_row) : len(self._own_row) + self.texts] = True
        return bytes((told[tells].round(9) + 0.0).tobytes())  # never -0: looks are compared as bytes

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Every term on offer or of the user's own, by its folded words, in the order of their features."""
        return tuple(self._places)

    def points(self, params: Sequence[Mapping[str, float]]) -> Matrix:
        """Write each set of *params* as a point, shape (n, names); what is left out is off or the user's own."""
        defaults = dict.fromkeys(self.names, 0.0)
        defaults.update({f"emphasis:{name}": 1.0 for name in self._layers})
        if self._has_own:
            defaults[OWN] = 1.0
        defaults.update(zip(self.names[len(self.names) - len(self._scales) :], map(float, self._scales)))
        rows = [[float(each.get(name, default)) for name, default in defaults.items()] for each in params]
        return np.array(rows, dtype=float).reshape(len(params), len(self.names))

    def of(self, points: Matrix) -> Matrix:
        """Return the features of *points*, shape (n, names), as shape (n, d)."""
        return np.asarray(
            self._expand(self._mains(points)) - self._origin + 0.0
        )  # never -0: features are compared as bytes

    @property
    def plain_point(self) -> Matrix:
        """The user's own values and not a single negative term, not even the user's own."""
        plain = self.baseline_point.copy()
        plain[: self.switches] = 0.0
        return plain

    def changes(self, points: Matrix) -> Matrix:
        """Count the scales of each of *points* that are not the user's own: emphasis, LoRA weights, CFG; shape (n,)."""
        on = points[:, self._first : self._terms_at]
        emphases = points[:, self.switches : self.switches + len(self._layers)]
        scales = points[:, self.switches + len(self._layers) :]
        return np.asarray((on * (emphases != 1.0)).sum(axis=1) + (np.abs(scales - self._scales) > 1e-6).sum(axis=1))

    def term_counts(self, features: Matrix) -> Matrix:
        """Count the different terms that candidates with *features*, shape (n, d), negate; shape (n,)."""
        return np.asarray((features + self._origin)[:, : len(self._own_row)].sum(axis=1))

    def _lay_out_terms(self, space: SearchSpace, baseline: GenerationRequest, switched: list[str]) -> None:
        """Say which layer brings which term, apart by whether the term has a switch: shapes (layers, terms)."""
        own = [fold_words(term.text) for term in split_terms(baseline.negative_prompt)] if self._has_own else []
        held = [[fold_words(term) for term in layer.terms] for layer in space.offered_layers]
        places = {word: at for at, word in enumerate(dict.fromkeys(word for words in [*held, own] for word in words))}
        self._places = places
        free = {layer.name for layer in space.free_layers}
        self._fixed, self.freed = np.zeros((2, len(held), len(places)))
        for row, (name, words) in enumerate(zip(self._layers, held)):
            (self.freed if name in free else self._fixed)[row, [places[word] for word in words]] = 1.0
        self._own_row = np.zeros(len(places))
        self._own_row[[places[word] for word in own]] = 1.0
        self.term_places = [places[fold_words(term)] for term in switched]
        # Two spellings of one term share its place; either brings it.
        self._spellings = np.zeros((len(switched), len(places)))
        self._spellings[range(len(switched)), self.term_places] = 1.0

    def presence(self, points: Matrix) -> Matrix:
        """Say which terms each of *points* negates: 0 or 1, shape (n, terms)."""
        on = points[:, self._first : self._terms_at]
        switched = points[:, self._terms_at : self.switches] @ self._spellings
        present = on @ self._fixed + (on @ self.freed) * switched
        if self._has_own:
            present += points[:, :1] * self._own_row
        return np.asarray(np.minimum(present, 1.0))

    def sleeping(self, point: Matrix) -> npt.NDArray[np.bool_]:
        """Say which columns of *point* are switches of terms none of whose layers is on, shape (names,)."""
        held = point[self._first : self._terms_at] @ self.freed
        asleep = np.zeros(len(point), dtype=bool)
        asleep[self._terms_at : self.switches] = held[self.term_places] == 0
        return asleep

    def with_term(self, point: Matrix, column: int) -> Matrix:
        """Return a copy of *point* with the term of switch *column* on, in a layer that is on or else alone in one."""
        place = self.term_places[column - self._terms_at]
        layers = np.flatnonzero(self.freed[:, place])
        moved = point.copy()
        if not moved[self._first + layers].any():
            woken = (self.presence(point[None, :])[0] == 0) & (self.freed[layers[0]] > 0)
            moved[self._terms_at + np.flatnonzero(woken[self.term_places])] = 0.0
            moved[self._first + layers[0]] = 1.0
        moved[column] = 1.0
        return moved

    def _mains(self, points: Matrix) -> Matrix:
        emphases = points[:, self.switches : self.switches + len(self._layers)]
        on = points[:, self._first : self._terms_at]
        scales = (points[:, self.switches + len(self._layers) :] - self._scales) / self._units
        stress = on * (emphases - 1.0) / EMPHASIS_UNIT
        return np.concatenate([self.presence(points), points[:, : self._first], stress, scales], axis=1)

    def _expand(self, mains: Matrix) -> Matrix:
        pairs = mains[:, self._pairs[:, 0]] * mains[:, self._pairs[:, 1]]
        squares = mains[:, mains.shape[1] - len(self._scales) :] ** 2
        crowd = (mains[:, : self.freed.shape[1]].sum(axis=1, keepdims=True) / 10.0) ** 2
        apart = np.linalg.norm((mains - self._own_mains) * self._main_distances, axis=1, keepdims=True)
        return np.concatenate([mains, pairs, squares, crowd, 1.0 - np.exp(-apart)], axis=1)
