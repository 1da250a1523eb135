"""What each of our routes does: bodies in, answers out; nothing here knows a web framework."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counterprompt.bootstrap import pictures
from counterprompt.negative.recipes import parse_recipe, render_recipe
from counterprompt.report.answers import advice_answer, diff_answer, outcome_answer, reading_answer
from counterprompt.report.files import PAGE_FILE, write_report
from counterprompt.report.recipe_answers import recipe_answer
from counterprompt.webui.options import default_budget
from counterprompt.webui.rest_answers import Answer, FileAnswer, status_answer
from counterprompt.webui.rest_orders import proof_order_of, read_order_of, recipe_order_of, study_order_of
from counterprompt.webui.rest_table import PREFIX
from counterprompt.webui.study_values import UnknownNameError, WrongStateError
from counterprompt.workflow.recipe_shelf import RecipeShelf
from counterprompt.workflow.recipes import recipe_from_study
from counterprompt.workflow.story import tell_story

if TYPE_CHECKING:
    from counterprompt.negative.recipes import Recipe
    from counterprompt.settings import Settings
    from counterprompt.webui.rest_orders import ReadOrder, RecipeOrder
    from counterprompt.webui.rest_table import Request
    from counterprompt.webui.studies import StudyDesk
    from counterprompt.workflow.story import PictureStory

_reading = threading.Lock()
"""One picture is tagged at a time: a tagger takes all the processor it gets."""


@dataclass(frozen=True)
class RestWork:
    """Does what the routes offer."""

    desk: Callable[[], StudyDesk]
    """Gives the study desk."""
    settings: Callable[[], Settings]
    """Gives the machine's settings."""
    usual_budget: Callable[[], int] = default_budget
    """Gives the pictures of a study that names no budget."""

    def read(self, request: Request) -> Answer:
        """Read a picture or an infotext: parameters, diff, advice."""
        from counterprompt.webui.tab.case import open_case

        order = read_order_of(request.body)
        if order.picture is None:
            return Answer(_story_answer(_story_of_text(order)))
        with _reading:
            case = open_case(order.picture, self.settings(), None, order.goal, ", ".join(order.wishes.blocked_words))
        return Answer(_story_answer(case.story))

    def start_study(self, request: Request) -> Answer:
        """Start a study."""
        order = study_order_of(request.body, self.usual_budget())
        if order.picture is not None:
            pictures.open_picture(order.picture)  # what is none is refused now, not when the study's turn comes
        study_id = self.desk().start(order)
        return Answer(status_answer(self.desk().status(study_id)), 201)

    def list_studies(self, request: Request) -> Answer:
        """List every study, the latest first."""
        return Answer({"studies": [status_answer(status) for status in self.desk().studies()]})

    def show_study(self, request: Request) -> Answer:
        """Say where a study stands."""
        return Answer(status_answer(self.desk().status(request.name)))

    def pause_study(self, request: Request) -> Answer:
        """Pause a study after the batch in hand."""
        self.desk().pause(request.name)
        return self.show_study(request)

    def stop_study(self, request: Request) -> Answer:
        """Stop a study within a step."""
        self.desk().stop(request.name)
        return self.show_study(request)

    def resume_study(self, request: Request) -> Answer:
        """Go on with a study."""
        self.desk().resume(request.name)
        return self.show_study(request)

    def prove_study(self, request: Request) -> Answer:
        """Prove once more what a study found."""
        self.desk().prove(request.name, proof_order_of(request.body))
        return self.show_study(request)

    def show_result(self, request: Request) -> Answer:
        """Tell what a study found."""
        content = self.desk().outcome(request.name)
        status = self.desk().status(request.name)
        return Answer(outcome_answer(content, status.id, f"{PREFIX}/studies/{status.id}/report"))

    def show_report(self, request: Request) -> FileAnswer:
        """Give out the report page of a study, as a page that can reach nothing."""
        content = self.desk().outcome(request.name)
        folder = self.desk().folder(request.name)
        if not (folder / PAGE_FILE).is_file():  # somebody cleared it away; what it was made of is there
            write_report(content, folder)
        return FileAnswer(folder / PAGE_FILE, "text/html")

    def show_best(self, request: Request) -> FileAnswer:
        """Give out a picture of the best candidate so far."""
        return FileAnswer.of_picture(self.desk().status(request.name).best_picture)

    def show_baseline(self, request: Request) -> FileAnswer:
        """Give out a picture of the user's own settings, on the same seed as `show_best`."""
        return FileAnswer.of_picture(self.desk().status(request.name).baseline_picture)

    def list_recipes(self, request: Request) -> Answer:
        """List every recipe."""
        return Answer({"recipes": [recipe_answer(recipe) for recipe in self._shelf().all()[0]]})

    def show_recipe(self, request: Request) -> Answer:
        """Show a recipe, also as it is kept."""
        recipe = self._shelf().get(self._known(request.name))
        return Answer({**recipe_answer(recipe), "recipe": json.loads(render_recipe(recipe))})

    def save_recipe(self, request: Request) -> Answer:
        """Keep a recipe, or the winner of a study."""
        order = recipe_order_of(request.body)
        recipe = self._winner_of(order) if order.study else _recipe_in(order)
        if not order.is_replacing and self._is_kept(recipe.name):
            raise WrongStateError(
                f'A recipe called {recipe.name[:80]!r} is there already; send "replace": true or another name.'
            )
        self._shelf().save(recipe, replace=True)
        return Answer(recipe_answer(recipe), 201)

    def delete_recipe(self, request: Request) -> Answer:
        """Delete a recipe."""
        self._shelf().delete(self._known(request.name))
        return Answer({"deleted": request.name})

    def _winner_of(self, order: RecipeOrder) -> Recipe:
        if not self.desk().outcome(order.study).is_gain:
            raise WrongStateError(f"The study {order.study} proved no gain, so there is nothing to keep; tune another.")
        return recipe_from_study(self.desk().folder(order.study), order.name)

    def _shelf(self) -> RecipeShelf:
        return RecipeShelf(self.settings().recipes_folder)

    def _is_kept(self, name: str) -> bool:
        return name.casefold() in {recipe.name.casefold() for recipe in self._shelf().all()[0]}

    def _known(self, name: str) -> str:
        if not self._is_kept(name):
            raise UnknownNameError(f"There is no recipe {name[:80]!r}; the list of recipes names those there are.")
        return name


def _recipe_in(order: RecipeOrder) -> Recipe:
    recipe = parse_recipe(json.dumps(dict(order.recipe)))
    return replace(recipe, name=order.name) if order.name else recipe


def _story_of_text(order: ReadOrder) -> PictureStory:
    from PIL import Image

    nothing_to_see = Image.new("RGB", (8, 8))  # without a tagger nobody looks
    reading = pictures.read_pasted_text(order.infotext)
    return tell_story(reading, nothing_to_see, None, order.goal, wishes=order.wishes)


def _story_answer(story: PictureStory) -> dict[str, Any]:
    return {
        "reading": reading_answer(story.reading),
        "diff": {"tags": diff_answer(story.diff), "agreement": story.diff.agreement},
        "advice": advice_answer(story.advice),
        "remarks": list(story.remarks),
    }
