"""The VAEs by name."""

vae_dict = {}
