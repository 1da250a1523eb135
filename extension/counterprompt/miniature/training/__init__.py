"""The scripts that trained the shipped weights; `python -m counterprompt.miniature.training --help` runs them again.

The weights that ship were trained in two hours on two CPU cores shared with other work, so with fewer steps than the
defaults: autoencoder 4100, then its decoder alone 2200; judge 1500; tagger 1200; CLIP 4000; diffusion 7400 (with a
learning rate that was brought down four times on the way, and 207 steps of 64 pictures); LoRAs 900 (striped) and 450
(framed).
"""
