"""Files found by the names that infotexts use."""

import pytest

from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind, selected_checkpoint
from counterprompt.prompts.families import ModelFamily

CHECKPOINT = ResourceKind.CHECKPOINT


@pytest.mark.parametrize(
    "name",
    ["Mix V1", "mix v1", "Mix V1.safetensors", "sub/Mix V1", "sub\\Mix V1.ckpt", "Mix V1 [6ce0161689]", "mix: v1"],
)
def test_spellings_of_one_name(name: str):
    """Case, folders, endings, hashes in brackets and dropped signs make no difference."""
    assert InstalledFile(CHECKPOINT, "Mix V1").is_called(name)


@pytest.mark.parametrize("name", ["", "Mix V2", "Mix", "Mix V1.5"])
def test_other_names(name: str):
    """A version is part of the name."""
    assert not InstalledFile(CHECKPOINT, "Mix V1").is_called(name)


def test_an_own_name_goes_before_an_alias():
    """A file whose alias is another's name does not hide that one."""
    files = (
        InstalledFile(ResourceKind.LORA, "a", ("b",)),
        InstalledFile(ResourceKind.LORA, "b"),
        InstalledFile(ResourceKind.VAE, "c"),
    )
    inventory = Inventory(files)

    assert "b" == inventory.called(ResourceKind.LORA, "b").name
    assert inventory.called(ResourceKind.LORA, "c") is None


@pytest.mark.parametrize(
    ("in_use", "family"), [("two", ModelFamily.PONY), ("", ModelFamily.UNKNOWN), ("gone", ModelFamily.UNKNOWN)]
)
def test_the_family_is_that_of_the_checkpoint_in_use(in_use: str, family: ModelFamily):
    """Where none is known to be in use, all must agree."""
    files = (
        InstalledFile(CHECKPOINT, "one", family=ModelFamily.SD15),
        InstalledFile(CHECKPOINT, "two", family=ModelFamily.PONY),
    )

    assert family is Inventory(files, in_use=in_use).family
    assert ModelFamily.SD15 is Inventory(files[:1], in_use=in_use).family


@pytest.mark.parametrize(
    ("name", "options", "listed"),
    [
        ("a.safetensors [12]", {"sd_model_checkpoint": "a.safetensors [12]", "sd_checkpoint_hash": "34"}, []),
        ("b", {"sd_model_checkpoint": None, "sd_checkpoint_hash": "34"}, [None, {"title": "b", "sha256": "34"}]),
        ("", {"sd_model_checkpoint": None, "sd_checkpoint_hash": "34"}, [{"title": "b", "sha256": None}]),
        ("", {"sd_model_checkpoint": None, "sd_checkpoint_hash": ""}, [{"title": "b", "sha256": ""}]),
        ("", {"sd_model_checkpoint": 3, "sd_checkpoint_hash": ["34"]}, "x"),
        ("", "x", {}),
    ],
)
def test_the_checkpoint_that_a_host_has_chosen_itself_is_known_by_its_hash(
    name: str, options: object, listed: object
) -> None:
    """What its user selected counts first, the hash of what it loaded second, and nonsense names none."""
    assert name == selected_checkpoint(options, lambda: listed)
