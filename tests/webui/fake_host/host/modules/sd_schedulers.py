"""The schedule types by name and label."""

from types import SimpleNamespace

schedulers = [
    SimpleNamespace(name="automatic", label="Automatic"),
    SimpleNamespace(name="karras", label="Karras"),
]
