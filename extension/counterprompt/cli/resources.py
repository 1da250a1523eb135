"""The command that looks up the files which made a picture."""

from counterprompt.bootstrap import pictures
from counterprompt.bootstrap.inventory import load_inventory
from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.options import Auth, InventoryPlace, Json, Picture
from counterprompt.cli.progress import TerminalProgress
from counterprompt.report.resource_answers import resource_rows, resources_answer
from counterprompt.settings import load_settings
from counterprompt.workflow.resources import look_up_resources


def resources_command(
    picture: Picture, inventory: InventoryPlace = None, auth: Auth = None, as_json: Json = False
) -> None:
    """Say of each checkpoint, LoRA, embedding and VAE that made a picture whether you have it, told by its hash."""
    params = pictures.read_picture(picture).params
    with TerminalProgress() as progress:
        source = load_inventory(inventory, load_settings(), auth, progress) if inventory else None
        resources = look_up_resources(params, source)
    if as_json:
        answer_json({"resources": resources_answer(resources), "family": resources.family.value})
        return
    rows = resource_rows(resources)
    if not rows:
        answer_text(f"{picture.name} names no model files.")
        return
    answer_rows("Resources", rows)
    if inventory is None:
        answer_text("Name your WebUI's folder or URL with --inventory to see which of them you have.")
