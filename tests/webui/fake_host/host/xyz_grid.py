"""The host's plot script, as far as extensions reach into it."""

from collections import namedtuple

AxisOption = namedtuple("AxisOption", ["label", "type", "apply", "confirm", "choices"], defaults=[None, None])
axis_options = [AxisOption("Nothing", str, lambda p, value, values: None)]
