"""The host's own controls."""

import gradio


class InputAccordion(gradio.Checkbox):
    """An accordion with a switch, whose value it has."""

    def __init__(self, value, **arguments):
        super().__init__(value=value, **arguments)
        self._accordion = gradio.Accordion(label=arguments.get("label"))

    def __enter__(self):
        self._accordion.__enter__()
        return self

    def __exit__(self, *problem):
        self._accordion.__exit__(*problem)
