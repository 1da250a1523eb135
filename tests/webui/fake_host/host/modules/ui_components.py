"""The host's own controls."""

import gradio


class InputAccordion(gradio.Checkbox):
    """An accordion with a switch, whose value it has."""

    def __init__(self, value, **arguments):
        super().__init__(value=value, **arguments)
