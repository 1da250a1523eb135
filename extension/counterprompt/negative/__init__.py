"""The layered negative prompt: layers as data, composition rules, subjects."""
