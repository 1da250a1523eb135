"""Compares the prompt grammar with AUTOMATIC1111's own parser, on real prompts and on generated ones.

Run `uv run --with lark==1.1.2 python benchmarks/prompt_parity.py --webui FOLDER --corpus FOLDER --generated 2000`. The
WebUI's FOLDER is a checkout (its modules/prompt_parser.py and modules/extra_networks.py are loaded; torch is not
needed). The corpus's FOLDER holds JSON files as /sdapi/v1/png-info answers them, with "Prompt" and "Negative prompt"
under "parameters". Prints for emphasis, AND with weights, extra networks, and schedules (both passes, old and new) how
many prompts agree, and the first that do not. The WebUI's schedule grammar is ambiguous where brackets are not paired:
its answer there changes with Python's hash seed, so it is asked under several, and any of its answers counts.

Bar: on real prompts everything agrees; on generated ones everything but schedules in a few prompts with stray brackets.
Measured with 1.10.1 (--generated 20000 --schedules 600 --hash-seeds 4): 75 of 75 different real prompts in all; of
18,123 different generated ones all in the first four; schedules 599 of 600, the other one with stray brackets.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import random
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.prompts.composition import split_composition
from counterprompt.prompts.emphasis import parse_emphasis
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.schedules import resolve_schedules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ATOMS = (
    *("a", "cat", "1girl", " ", ", ", "(", ")", "[", "]", "((", "))", ":", "|", "BREAK", " BREAK ", " AND ", "AND"),
    *(":1.2)", ":0.5]", ":3]", "::5]", "[b:c:0.4]", "[d|e]", "(f:1.3)", "(g: .7 )", "\\(", "\\)", "\\[", "\\\\", "\\"),
    *("<lora:x:0.8>", "<lora:y:1:0.5>", "<hypernet:z>", ":1.5", "0.25", "-1", "\n", "_", "é", "1.2.3", "[", "]"),
)
"""What generated prompts are made of."""

STEPS = 20
HIRES_STEPS = 12


@dataclass
class Tally:
    """How one comparison went."""

    agreed: int = 0
    """Prompts on which both say the same."""
    refused: int = 0
    """Prompts on which the WebUI's parser fails."""
    differing: list[tuple[str, Any, Any]] = field(default_factory=list)
    """Prompt, what we say, what the WebUI says."""


def load_module(webui: Path, name: str) -> Any:
    """Load one file of the WebUI by itself."""
    sys.modules.setdefault("torch", types.ModuleType("torch"))
    host = types.ModuleType("modules")
    host.errors = types.ModuleType("errors")  # type: ignore[attr-defined]
    sys.modules.setdefault("modules", host)
    spec = importlib.util.spec_from_file_location(f"webui_{name}", webui / "modules" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def real_prompts(corpus: Path) -> list[str]:
    """Every prompt and negative prompt of the corpus, each once."""
    prompts: dict[str, None] = {}
    for path in sorted(corpus.rglob("*.json")):
        parameters = json.loads(path.read_text("utf-8"))["parameters"]
        prompts.update(dict.fromkeys([parameters.get("Prompt", ""), parameters.get("Negative prompt", "")]))
    return list(prompts)


def generated_prompts(count: int, longest: int = 14) -> Iterator[str]:
    """Random strings of the grammar's pieces."""
    dice = random.Random(7)
    for _ in range(count):
        yield "".join(dice.choice(ATOMS) for _ in range(dice.randint(1, longest)))


def by_step(stages: Any, steps: int) -> list[str]:
    """Return the text of each step from 1 on."""
    texts = []
    for step in range(1, steps + 1):
        texts.append(next((text for end, text in stages if step <= end), stages[-1][1]))
    return texts


def comparisons(parser: Any, networks: Any) -> dict[str, tuple[Callable[[str], Any], Callable[[str], Any]]]:
    """What is compared: ours and the WebUI's, each from prompt to something that can be compared."""

    def rounded(pieces: Any) -> list[tuple[str, str]]:
        return [(text, f"{math.copysign(min(abs(emphasis), 1e6), emphasis):.9g}") for text, emphasis in pieces]

    def their_parts(prompt: str) -> list[tuple[str, float]]:
        indexes, texts, _ = parser.get_multicond_prompt_list([prompt])
        return [(texts[index], weight) for index, weight in indexes[0]]

    def their_networks(prompt: str) -> Any:
        stripped, found = networks.parse_prompt(prompt)
        tags = [(kind, tuple(tag.positional), tag.named) for kind, tags in found.items() for tag in tags]
        return stripped, sorted(tags, key=repr)

    def our_networks(prompt: str) -> Any:
        tags = [(tag.kind, tag.positional, dict(tag.named)) for tag in find_extra_networks(prompt)]
        return strip_extra_networks(prompt), sorted(tags, key=repr)

    return {
        "render(parse(x)) == x": (lambda prompt: parse_prompt(prompt).render(), lambda prompt: prompt),
        "emphasis": (
            lambda prompt: rounded(parse_emphasis(prompt)),
            lambda p: rounded(parser.parse_prompt_attention(p)),
        ),
        "AND and weights": (lambda prompt: [(p.text, p.weight) for p in split_composition(prompt)], their_parts),
        "extra networks": (our_networks, their_networks),
    }


def compare(prompts: list[str], ours: Callable[[str], Any], theirs: Callable[[str], Any]) -> Tally:
    """Ask both about every prompt."""
    tally = Tally()
    for prompt in prompts:
        try:
            expected = theirs(prompt)
        except Exception:  # whatever it is, the WebUI would show the user an error instead of a picture
            tally.refused += 1
            continue
        actual = ours(prompt)
        if actual == expected:
            tally.agreed += 1
        else:
            tally.differing.append((prompt, actual, expected))
    return tally


def shortened(answer: Any) -> str:
    """Write an answer without neighbours that are alike, short enough for a line."""
    if isinstance(answer, list):
        answer = [item for item, before in zip(answer, [None, *answer]) if item != before]
    return str(answer)[:200]


PASSES: dict[str, tuple[tuple[Any, ...], dict[str, Any], int]] = {
    "schedules": ((), {}, STEPS),
    "schedules, hires pass": ((HIRES_STEPS,), {"first_pass_steps": STEPS}, HIRES_STEPS),
    "schedules, old": ((HIRES_STEPS, True), {"use_old_scheduling": True}, STEPS),
}
"""What is compared: what the WebUI's parser is given after the steps, what ours is given, and the pass's steps."""


def answer_schedules(webui: Path) -> None:
    """Answer the prompts on standard input as the WebUI does, pass by pass."""
    resolve = load_module(webui, "prompt_parser").get_learned_conditioning_prompt_schedules
    prompts = json.load(sys.stdin)
    answers = {
        name: [by_step(resolve([prompt], STEPS, *theirs)[0], steps) for prompt in prompts]
        for name, (theirs, _, steps) in PASSES.items()
    }
    json.dump(answers, sys.stdout)


def compare_schedules(webui: Path, prompts: list[str], hash_seeds: int) -> dict[str, Tally]:
    """Ask the WebUI's parser under several hash seeds: where its grammar is ambiguous its answer depends on them."""
    runs = []
    for seed in range(1, hash_seeds + 1):
        command = [sys.executable, __file__, "--webui", str(webui), "--answer"]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=json.dumps(prompts), capture_output=True, text=True, env=environment, check=True
        )
        runs.append(json.loads(done.stdout))
    tallies = {}
    for name, (_, ours, steps) in PASSES.items():
        tally = tallies[name] = Tally()
        pass_steps = HIRES_STEPS if "first_pass_steps" in ours else STEPS
        for index, prompt in enumerate(prompts):
            answers = [run[name][index] for run in runs]
            tally.refused += any(answer != answers[0] for answer in answers)
            actual = by_step(resolve_schedules(prompt, pass_steps, **ours), steps)
            if actual in answers:
                tally.agreed += 1
            else:
                tally.differing.append((prompt, actual, answers[0]))
    return tallies


def show(title: str, tally: Tally, most: int, refused: str) -> None:
    """Print one comparison."""
    total = tally.agreed + len(tally.differing)
    sys.stdout.write(f"{title:<34}{tally.agreed} of {total} agree, {tally.refused} {refused}\n")
    for prompt, actual, expected in tally.differing[:most]:
        sys.stdout.write(f"    {prompt!r}\n      ours   {shortened(actual)}\n      theirs {shortened(expected)}\n")
    sys.stdout.flush()


def main() -> None:
    """Compare on both sets and print what differs."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--webui", type=Path, required=True, help="checkout of AUTOMATIC1111's WebUI")
    arguments.add_argument("--corpus", type=Path, help="folder of png-info answers")
    arguments.add_argument("--generated", type=int, default=2000, help="how many prompts to generate")
    arguments.add_argument("--show", type=int, default=5, help="how many differences to print")
    arguments.add_argument("--schedules", type=int, default=1000, help="for how many of them schedules are compared")
    arguments.add_argument("--hash-seeds", type=int, default=3, help="how often to ask about schedules")
    arguments.add_argument("--answer", action="store_true", help="for the benchmark itself: answer for the WebUI")
    chosen = arguments.parse_args()
    if chosen.answer:
        answer_schedules(chosen.webui)
        return
    tables = comparisons(load_module(chosen.webui, "prompt_parser"), load_module(chosen.webui, "extra_networks"))
    sets = {"real": real_prompts(chosen.corpus) if chosen.corpus else []}
    sets["generated"] = list(dict.fromkeys(generated_prompts(chosen.generated)))
    for label, prompts in sets.items():
        for name, (ours, theirs) in tables.items():
            show(f"{label}: {name}", compare(prompts, ours, theirs), chosen.show, "refused by the WebUI")
        asked = prompts[: chosen.schedules] if label == "generated" else prompts
        for name, tally in compare_schedules(chosen.webui, asked, chosen.hash_seeds).items():
            show(f"{label}: {name}", tally, chosen.show, "ambiguous to the WebUI")


if __name__ == "__main__":
    main()
