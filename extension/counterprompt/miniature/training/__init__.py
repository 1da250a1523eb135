"""The scripts that trained the shipped weights; `python -m counterprompt.miniature.training --help` runs them again.

The weights that ship were trained in about four hours on two CPU cores shared with other work, in more pieces and with
fewer steps than the defaults: autoencoder 4100 steps, its decoder alone 2200, all of it 6700 on crops and 3600 on whole
pictures; diffusion 15000, of which the first 7400 saw captions without wrong words, other tones of yellow, orange and
sky, and like the next 4800 the latents of an earlier autoencoder; LoRAs 2500 (striped) and 900 (framed, by captions
that named it), judge 2400, tagger 2000, CLIP 4000.
"""
