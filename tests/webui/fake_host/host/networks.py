"""The host's built-in LoRA extension, which it loads under this bare name."""

from types import SimpleNamespace

available_networks = {
    name: SimpleNamespace(name=name, alias=name, filename=f"/models/Lora/{name}.safetensors", metadata={})
    for name in ("framed", "striped")
}
available_network_aliases = dict(available_networks)
forbidden_network_aliases = {}
loaded_networks = []


def list_available_networks():
    """Look at the folder again."""


def load_networks(names, te_multipliers, unet_multipliers, dyn_dims):
    """Load these LoRAs and no others; unknown ones are left out."""
    loaded_networks[:] = [
        SimpleNamespace(name=name, mentioned_name=name, te_multiplier=te, unet_multiplier=unet, dyn_dim=dyn)
        for name, te, unet, dyn in zip(names, te_multipliers, unet_multipliers, dyn_dims)
        if name in available_networks
    ]
