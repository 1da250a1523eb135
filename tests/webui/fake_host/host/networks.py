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
    """Load these LoRAs and no others; unknown ones are left out.

    A model with `current_lora_hash` makes this Forge's: it notes the weights there, and its networks say 1.
    """
    from modules import shared

    known = [each for each in zip(names, te_multipliers, unet_multipliers, dyn_dims) if each[0] in available_networks]
    is_noted = hasattr(shared.sd_model, "current_lora_hash")
    if is_noted:
        noted = [[available_networks[name].filename, unet, te, False] for name, te, unet, _ in known]
        shared.sd_model.current_lora_hash = str(noted)
        known = [(name, 1.0, 1.0, None) for name, *_ in known]
    loaded_networks[:] = [_network(*each) for each in known]


def _network(name, te_multiplier, unet_multiplier, dyn_dim):
    return SimpleNamespace(
        name=name,
        mentioned_name=name,
        network_on_disk=available_networks[name],
        te_multiplier=te_multiplier,
        unet_multiplier=unet_multiplier,
        dyn_dim=dyn_dim,
    )
