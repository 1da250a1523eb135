"""The contract of generating inside a host, by what happens in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.hosts.conftest import Observe

UNCHANGED = ("params", "options", "clip_skip", "job", "flags", "caches", "loras")


def _kept(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: seen["before"][name] for name in UNCHANGED}


def _left(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: seen["after"][name] for name in UNCHANGED}


def test_eight_seeds_are_one_call(observe: Observe) -> None:
    """Eight seeds make eight different RGB pictures of the size asked for in one call, and leave no trace."""
    seen = observe("draw", requests=[{"seed": seed} for seed in range(8)])

    assert (["RGB"], [[64, 64]], [8]) == (seen["modes"], [list(size) for size in seen["sizes"]], seen["calls"])
    assert 8 == len(set(seen["digests"]))
    assert _kept(seen) == _left(seen)


def test_negatives_share_a_call(observe: Observe) -> None:
    """Two negative prompts on one seed make two different pictures in one call."""
    seen = observe("draw", requests=[{"negative_prompt": "blurry"}, {"negative_prompt": "watermark"}])

    assert [2] == seen["calls"]
    assert 2 == len(set(seen["digests"]))


def test_a_request_gives_its_picture_again(observe: Observe) -> None:
    """The same requests in the same batches give the same pictures, whatever was drawn between."""
    requests = [{"seed": 3}, {"seed": 4, "negative_prompt": "watermark"}]
    first = observe("draw", requests=requests)
    observe("draw", requests=[{"seed": 9, "cfg_scale": 3.0, "clip_skip": 2}])

    assert first["digests"] == observe("draw", requests=requests)["digests"]


def test_cfg_and_prompt_need_calls_of_their_own(observe: Observe) -> None:
    """CFG scale and LoRA weight hold for a whole call."""
    requests = [
        {},
        {"cfg_scale": 3.0},
        {"prompt": "a circle <lora:framed:0.5>"},
        {"prompt": "a circle <lora:framed:1>"},
    ]
    seen = observe("draw", requests=requests)

    assert [1, 1, 1, 1] == seen["calls"]
    assert 4 == len(set(seen["digests"]))


def test_a_lora_is_loaded_for_us_and_afterwards_as_before(observe: Observe) -> None:
    """The weight in the prompt is what the host loads, and closing the generator brings the former LoRAs back."""
    seen = observe("draw", requests=[{"prompt": "a circle <lora:framed:0.45>"}])

    assert ["framed", 0.45, 0.45] == seen["drawn_with"]["loras"][0][:3]
    assert _kept(seen) == _left(seen)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"prompt": "a cat <lora:no such lora:0.7>"}, "no such lora"),
        ({"prompt": "a cat <lora:framed:heavy>"}, "heavy"),
        ({"sampler_name": "Euler z"}, "Euler z"),
        ({"scheduler": "Whenever"}, "Whenever"),
    ],
)
def test_what_the_host_lacks_is_refused_before_it_starts(observe: Observe, changes: dict[str, Any], named: str) -> None:
    """A name that the host does not know is refused in a sentence that names it, and nothing is drawn."""
    seen = observe("refused", **changes)

    assert ("GeneratorError", []) == (seen["kind"], seen["calls"])
    assert named in seen["said"]


def test_a_failure_leaves_the_host_as_it_was(observe: Observe) -> None:
    """An exception in the middle of a picture is told in a sentence, frees the queue and leaves no trace."""
    seen = observe("failing")

    assert "broken on purpose" in seen["said"]
    assert seen["is_lock_free"]
    assert _kept(seen) == _left(seen)


@pytest.mark.parametrize("by", ["host", "own"])
def test_interrupt_works_within_one_step(observe: Observe, by: str) -> None:
    """Whoever presses Interrupt, the sampler goes at most one step further and the study is told to stop."""
    seen = observe("interrupted", after_steps=2, by=by)

    assert "StoppedError" == seen["kind"]
    assert 3 <= seen["steps"] <= 4
    assert _kept(seen) == _left(seen)


def test_a_skipped_batch_is_thrown_away(observe: Observe) -> None:
    """Skip ends the batch in hand; its half-drawn pictures are never handed out, the batch is drawn once more."""
    seen = observe("skipped")

    assert ([2, 2], seen["undisturbed"]) == (seen["calls"], seen["drawn"])
    assert [False, False, False] == seen["after"]["flags"]


def test_others_wait_for_one_batch_at_most(observe: Observe) -> None:
    """Somebody who waits while the first batch is drawn has the next turn."""
    seen = observe("shared_queue", batches=4)

    assert (1, 4) == (seen["turn_after"], seen["batches"])


def test_a_stop_of_ours_is_not_heard_by_others(observe: Observe) -> None:
    """Pressed while another user's picture is drawn, it leaves that whole, and nothing of ours is begun afterwards."""
    seen = observe("stopped_while_others_draw")

    assert ("StoppedError", 0) == (seen["kind"], seen["own_calls"])
    assert seen["undisturbed"] == seen["other"]
    assert _kept(seen) == _left(seen)


def test_an_aborted_batch_of_a_study_leaves_no_trace_and_is_drawn_again(observe: Observe) -> None:
    """Stop keeps nothing of it, who waited gets a whole picture, and resumed the study ends as one never stopped."""
    seen = observe("stopped_study")
    before, aborted = seen["stopped_calls"][:-1], seen["stopped_calls"][-1]

    assert "stopped" == seen["state"]
    assert 1 <= seen["steps"] <= 2 < seen["steps_of_each"]
    assert sum(before) - 1 == seen["pictures"] == seen["small_copies"]  # one more was drawn of the prompt, before it
    assert seen["undisturbed"] == seen["other"]
    assert _kept(seen) == _left(seen)
    assert seen["whole_calls"] == [*before, *seen["resumed_calls"]]
    assert aborted == seen["resumed_calls"][0]
    assert seen["outcomes"][0] == seen["outcomes"][1]
