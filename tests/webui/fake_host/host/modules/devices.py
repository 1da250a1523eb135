"""The device that pictures are drawn on."""


def torch_gc():
    """Free memory; there is none to free."""
