"""The model's own anti-prompt."""

from collections.abc import Callable
from dataclasses import replace

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.anti_prompt import anti_prompt_terms, anti_request
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.plan import plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


class SeesTrees:
    """Sees a tree in every picture, and a name that is no general tag."""

    vocabulary = frozenset({"tree", "alice"})

    def tag(self, images):
        """Say so."""
        tags = (ObservedTag("alice", TagCategory.CHARACTER, 0.9), ObservedTag("tree", TagCategory.GENERAL, 0.6))
        return [ObservedTags(tags, self.vocabulary) for _ in images]


def test_the_prompt_becomes_what_is_avoided(baseline: GenerationRequest):
    """Only the LoRAs are asked for; the prompt without them is negated, its emphasis kept."""
    opposite = anti_request(replace(baseline, prompt="a (red:1.2) house, <lora:style:1>"))

    assert ("<lora:style:1>", "a (red:1.2) house") == (opposite.prompt, opposite.negative_prompt)
    assert baseline == replace(opposite, prompt=baseline.prompt, negative_prompt=baseline.negative_prompt)


def test_what_appears_is_named_and_counted(make_evaluator: Callable[..., Evaluator]):
    """General tags of the opposite pictures and failed probes are the terms; the pictures count as the study's."""
    evaluator = make_evaluator(FakeGenerator(), FakeScorer())

    assert "tree" in anti_prompt_terms(evaluator, SeesTrees(), range(4))
    assert "alice" not in anti_prompt_terms(evaluator, SeesTrees(), range(4))
    assert "blurry" in anti_prompt_terms(evaluator, None, range(4))
    assert 4 == evaluator.pictures


def test_they_are_on_offer_in_a_study(baseline: GenerationRequest, layers, tmp_path):
    """What the opposite showed is tried, within the budget; where the prompt asks for it, it is not."""
    plan = plan_study(baseline, space_for(baseline, layers[:1]), 80, anti_prompt_seeds=4)
    asked = replace(plan, baseline=replace(baseline, prompt="a tree <lora:style:1>"))
    generator = FakeGenerator()
    tried = run_study(plan, generator, FakeScorer(), None, tmp_path / "one", SeesTrees())
    spared = run_study(asked, FakeGenerator(), FakeScorer(), None, tmp_path / "two", SeesTrees())

    assert any("tree" in trial.settings.negative_prompt for trial in tried.history)
    assert not any("tree" in trial.settings.negative_prompt for trial in spared.history)
    assert generator.pictures == tried.pictures <= 80
