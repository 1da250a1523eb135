"""The scorer: one CLIP embedding per picture feeds aesthetic head, antonym probes and prompt fidelity."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from counterprompt.errors import MissingModelError, ScorerError
from counterprompt.ports import Scores
from counterprompt.prompts.plain import plain_text
from counterprompt.scoring.aesthetic import load_aesthetic_head
from counterprompt.scoring.clip_folder import read_json_object
from counterprompt.scoring.clip_registry import load_named_clip
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.probe_table import BUILT_IN_PROBES, PROBES_NAME, parse_probes
from counterprompt.scoring.probes import ProbeBank, build_probes
from counterprompt.scoring.scorer_folder import architecture_of, load_clip_of, load_heads, refuse_strangers
from counterprompt.scoring.signals import measure_signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

    from counterprompt.scoring.aesthetic import AestheticHead


class ClipScorer:
    """Implements `ports.Scorer` with a CLIP and what reads its embeddings.

    Args:
        embedder: the CLIP.
        heads: aesthetic heads for its embeddings, at least one; their scores are averaged.
        probes: its antonym probes; there may be none.
        excluded: probes that were left out, with the reason of each.
    """

    def __init__(
        self,
        embedder: ClipEmbedder,
        heads: Sequence[AestheticHead],
        probes: ProbeBank,
        excluded: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        if not heads:
            raise MissingModelError(f"The scorer {embedder.clip.name} has no aesthetic head; name the file of one.")
        width = embedder.embed_texts([""]).shape[1]
        for head in heads:
            if head.direction.shape != (width,):
                raise MissingModelError(
                    f"The aesthetic head {head.name} reads {head.direction.size} numbers, but {embedder.clip.name} "
                    f"gives {width}; choose the head that was trained on this CLIP."
                )
        self.embedder = embedder
        self.excluded = MappingProxyType(dict(excluded))
        self.heads = tuple(heads)
        self.probes = probes

    @property
    def name(self) -> str:
        """The CLIP and its heads, for reports."""
        return f"{self.embedder.clip.name} with {', '.join(head.name for head in self.heads)}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What became of the card it was to work on, one sentence each; usually none."""
        return self.embedder.guest.remarks

    @property
    def defects(self) -> tuple[str, ...]:
        """Every defect it has a probe for: the keys of `Scores.artifacts`."""
        return self.probes.defects

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score each picture against *prompt*, whose prompt syntax is stripped.

        Raises:
            ScorerError: the CLIP's weights are broken.
        """
        return self.score_embeddings(self.embedder.embed_pictures(images), images, prompt)

    def score_embeddings(
        self, embeddings: npt.NDArray[np.float32], images: Sequence[Image.Image], prompt: str
    ) -> list[Scores]:
        """Score pictures whose *embeddings*, shape (n, d), are known already, so that none is computed twice."""
        if len(embeddings) != len(images):
            raise ScorerError(f"Got {len(embeddings)} embeddings for {len(images)} pictures; give one for each.")
        aesthetics = np.mean([head.score(embeddings) for head in self.heads], axis=0)
        artifacts = self.probes.probabilities(embeddings)
        fidelities = self._fidelities(embeddings, prompt)
        signals = measure_signals(images, self.embedder.guest.device)
        return [
            Scores(
                aesthetic=float(aesthetics[row]),
                fidelity=float(fidelities[row]),
                artifacts=dict(zip(self.probes.defects, map(float, artifacts[row]))),
                signals=signals[row],
            )
            for row in range(len(images))
        ]

    def without(self, reasons: Mapping[str, str]) -> ClipScorer:
        """Return a copy that leaves out the probes named in *reasons* and remembers why."""
        kept = self.probes.without(frozenset(reasons))
        return ClipScorer(self.embedder, self.heads, kept, {**self.excluded, **reasons})

    def without_head(self, name: str) -> ClipScorer:
        """Return a copy that lacks the aesthetic head called *name*; itself where it has none of that name.

        Raises:
            MissingModelError: no other head would be left.
        """
        kept = [head for head in self.heads if head.name != name]
        if not kept:
            raise MissingModelError(
                f"{name} is the only aesthetic head of the scorer {self.embedder.clip.name}, so it cannot be kept out; "
                "put another head beside it, or choose another auditor."
            )
        return ClipScorer(self.embedder, kept, self.probes, self.excluded)

    def _fidelities(self, embeddings: npt.NDArray[np.float32], prompt: str) -> npt.NDArray[np.float64]:
        text = plain_text(prompt).strip()
        if not text:
            return np.zeros(len(embeddings))
        cosines: npt.NDArray[np.float64] = embeddings.astype(np.float64) @ self.embedder.embed_texts([text])[0]
        return np.clip(cosines, -1.0, 1.0)


def load_clip_scorer(folder: Path, *, device: str = "cpu", batch_size: int = 16, precision: str = "") -> ClipScorer:
    """Load the scorer that lies in *folder*; for *device* and *precision* see `guest.Guest`.

    Its heads are the files called "aesthetic_head*", which are trusted, and the public ones of `known_heads`. Its CLIP
    is what open_clip_config.json describes, or one of OpenAI's archives such as ViT-L-14.pt; where neither is there, it
    is the one the heads were trained on, from open_clip's cache or the network. A `probes.json` replaces the built-in
    probes.

    Raises:
        MissingModelError: the folder or one of its files is missing or broken.
    """
    if not folder.is_dir():
        raise MissingModelError(f"There is no scorer folder {folder}; download one or correct the path.")
    heads = load_heads(folder)
    table = folder / PROBES_NAME
    prompts = parse_probes(read_json_object(table), table) if table.is_file() else BUILT_IN_PROBES
    embedder = ClipEmbedder(load_clip_of(folder, architecture_of(heads), device), batch_size, precision=precision)
    return ClipScorer(embedder, heads, build_probes(prompts, embedder))


def load_named_scorer(
    heads: Sequence[Path],
    *,
    architecture: str = "ViT-L-14",
    weights: str | Path = "openai",
    device: str = "cpu",
    batch_size: int = 16,
) -> ClipScorer:
    """Load a scorer on a CLIP that open_clip knows by name, with the built-in probes.

    Args:
        heads: files of public aesthetic heads trained on this CLIP, such as LAION's.
        architecture: see `clip_registry.load_named_clip`.
        weights: a pretrained tag or a local file.
        device: "cpu", "cuda" or "cuda:N".
        batch_size: pictures that go through the CLIP at once.

    Raises:
        MissingModelError: a head or the CLIP is missing, broken or cannot be downloaded, or the two do not fit.
    """
    loaded = [load_aesthetic_head(path) for path in heads]
    refuse_strangers(loaded, architecture)
    embedder = ClipEmbedder(load_named_clip(architecture, weights, device=device), batch_size)
    return ClipScorer(embedder, loaded, build_probes(BUILT_IN_PROBES, embedder))
