"""The inventory of a folder: what is found, and what is read for it."""

import hashlib
from pathlib import Path

import pytest

from counterprompt.advice.inventory import Inventory, ResourceKind
from counterprompt.advice.resources import ResourceState, look_up
from counterprompt.errors import StoppedError
from counterprompt.infotext.params import GenerationParams
from counterprompt.inventory.folder import FolderInventory
from counterprompt.ports import SilentProgress
from counterprompt.prompts.families import ModelFamily


class Listener(SilentProgress):
    """Counts what it hears and may stop."""

    def __init__(self, stops: bool = False) -> None:
        """Remember whether to stop."""
        self.heard: list[tuple[int, int, str]] = []
        self.stops = stops

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Remember it."""
        self.heard.append((done, total, note))

    def is_stop_requested(self) -> bool:
        """As it was told."""
        return self.stops


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stock(
    webui: Path, params: GenerationParams, listener: Listener | None = None, cache: Path | None = None
) -> Inventory:
    return FolderInventory(webui, cache, listener or Listener()).take_stock(params)


def test_every_file_is_listed_and_none_is_read_without_need(webui: Path):
    """Where the picture names no hash, nothing is hashed; headers tell aliases, training and family."""
    listener = Listener()
    inventory = _stock(webui, GenerationParams("a <lora:kiwi_v4:1>"), listener)
    lora = inventory.called(ResourceKind.LORA, "kiwi-final")

    assert [] == listener.heard
    assert lora is not None
    assert ("kiwi_v4", ModelFamily.SD15) == (lora.name, lora.family)
    assert ("kiwi style", 20) == lora.training.tags[0]
    assert frozenset(ResourceKind) == inventory.kinds
    assert "sub/base.safetensors [0123456789]" == inventory.in_use


def test_a_namesake_is_hashed_once(webui: Path, tmp_path: Path):
    """The checkpoint that the picture names is read; the next time the cache knows it."""
    digest = _digest(webui / "models" / "Stable-diffusion" / "sub" / "base.safetensors")
    params = GenerationParams("a", "", (("Model", "sub_base"), ("Model hash", digest[:10])))
    first, second = Listener(), Listener()
    inventory = _stock(webui, params, first, tmp_path / "hashes.sqlite3")
    _stock(webui, params, second, tmp_path / "hashes.sqlite3")

    assert ResourceState.PRESENT is look_up(params, inventory).checkpoint
    assert ["MiB, base.safetensors"] == [note for _, _, note in first.heard]
    assert [] == second.heard


def test_a_file_is_found_under_another_name(webui: Path):
    """The hash of a LoRA's tensors finds it whatever it is called."""
    written = hashlib.sha256(b"kiwi").hexdigest()[:12]
    params = GenerationParams("a <lora:before:1>", "", (("Lora hashes", f"before: {written}"),))
    (finding,) = [
        one for one in look_up(params, _stock(webui, params)).findings if one.mention.kind is ResourceKind.LORA
    ]

    assert ResourceState.RENAMED is finding.state
    assert finding.file is not None
    assert "kiwi_v4" == finding.file.name


def test_another_file_under_the_same_name(webui: Path):
    """The name is here, the hash is not."""
    params = GenerationParams("a <lora:kiwi_v4:1>", "", (("Lora hashes", "kiwi_v4: 0123456789ab"),))

    assert {"kiwi_v4": ResourceState.OTHER_FILE} == look_up(params, _stock(webui, params)).loras


@pytest.mark.parametrize(("cut", "state"), [(8, ResourceState.PRESENT), (10, ResourceState.OTHER_FILE)])
def test_the_old_hash_is_computed_where_it_is_written(webui: Path, cut: int, state: ResourceState):
    """Eight digits are compared with the old hash, ten with SHA-256."""
    path = webui / "models" / "Stable-diffusion" / "old.ckpt"
    path.write_bytes(b"a" * 0x100000 + b"b" * 0x10000)
    written = hashlib.sha256(b"b" * 0x10000).hexdigest()[:cut]
    params = GenerationParams("a", "", (("Model", "old"), ("Model hash", written)))

    assert state is look_up(params, _stock(webui, params)).checkpoint


def test_all_other_kinds(webui: Path):
    """An embedding in the negative prompt, a VAE and a hypernetwork are looked up too."""
    fields = (
        ("VAE", "good.safetensors"),
        ("VAE hash", _digest(webui / "models" / "VAE" / "good.safetensors")[:10]),
        ("TI hashes", f"EasyNegative: {_digest(webui / 'embeddings' / 'EasyNegative.pt')[:12]}"),
    )
    params = GenerationParams("a <hypernet:hyper:0.5>", "easynegative, blurry", fields)
    states = {one.mention.kind: one.state for one in look_up(params, _stock(webui, params)).findings}

    assert ResourceState.PRESENT is states[ResourceKind.EMBEDDING]
    assert ResourceState.PRESENT is states[ResourceKind.VAE]
    assert ResourceState.UNKNOWN is states[ResourceKind.HYPERNETWORK]  # here, no hash is given


def test_hashing_can_be_stopped(webui: Path):
    """The piece in hand is the last."""
    params = GenerationParams("a", "", (("Model", "base"), ("Model hash", "0123456789")))

    with pytest.raises(StoppedError, match="kept"):
        _stock(webui, params, Listener(stops=True))


def test_broken_files_break_nothing(webui: Path):
    """An empty LoRA and one with a broken header are listed without training."""
    (webui / "models" / "Lora" / "empty.safetensors").write_bytes(b"")
    (webui / "models" / "Lora" / "broken.safetensors").write_bytes(b"\xff" * 100)
    params = GenerationParams("a <lora:empty:1>", "", (("Lora hashes", "empty: 0123456789ab"),))
    inventory = _stock(webui, params)

    assert {"empty": ResourceState.OTHER_FILE} == look_up(params, inventory).loras
    assert () == inventory.called(ResourceKind.LORA, "broken").training.tags
