"""The files of a picture as JSON and as rows."""

from counterprompt.advice.hashes import WrittenHash
from counterprompt.advice.inventory import InstalledFile, ResourceKind
from counterprompt.advice.lora_training import LoraTraining
from counterprompt.advice.mentions import ResourceMention
from counterprompt.advice.nearest import NearestLora
from counterprompt.advice.resources import ResourceFinding, Resources, ResourceState
from counterprompt.report.resource_answers import resource_rows, resources_answer

RESOURCES = Resources(
    findings=(
        ResourceFinding(ResourceMention(ResourceKind.CHECKPOINT, "", WrittenHash("6ce0161689")), ResourceState.UNKNOWN),
        ResourceFinding(
            ResourceMention(ResourceKind.LORA, "a", WrittenHash("7157149bd83c")),
            ResourceState.RENAMED,
            InstalledFile(ResourceKind.LORA, "b", training=LoraTraining(base_model="sd_v1", tags=(("kiwi", 3),))),
        ),
        ResourceFinding(
            ResourceMention(ResourceKind.LORA, "c"),
            ResourceState.MISSING,
            nearest=NearestLora("d", 0.5, ("names alike",)),
        ),
    )
)


def test_each_file_is_an_object():
    """Null where something is not known."""
    unnamed, renamed, missing = resources_answer(RESOURCES)

    assert ("checkpoint", "", "6ce0161689", "unknown", None) == tuple(
        unnamed[key] for key in ("kind", "name", "hash", "state", "file")
    )
    assert ("under another name", "b", "sd_v1", ["kiwi"]) == tuple(
        renamed[key] for key in ("state", "file", "base_model", "trained_on")
    )
    assert {"name": "d", "score": 0.5, "why": ["names alike"]} == missing["nearest"]


def test_each_file_is_a_row():
    """In words, with what helps."""
    assert [
        ("checkpoint without a name [6ce0161689]", "unknown"),
        ("LoRA a [7157149bd83c]", "under another name, here b, trained on kiwi"),
        ("LoRA c", "missing, the picture gives no hash, nearest here: d (50%: names alike)"),
    ] == resource_rows(RESOURCES)
