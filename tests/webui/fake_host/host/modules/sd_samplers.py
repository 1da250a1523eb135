"""The samplers by name."""

from types import SimpleNamespace

all_samplers = [SimpleNamespace(name=name, aliases=[]) for name in ("Euler", "Euler a", "DDIM", "DPM++ 2M")]
