"""Stands in where gradio is not installed: controls that know their value and listen to nobody."""


class Control:
    """A control or a layout."""

    def __init__(self, *_, value=None, **arguments):
        self.value = value
        self.elem_id = arguments.get("elem_id")
        self.label = arguments.get("label")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def _listen(self, *_, **__):
        pass

    click = change = release = blur = input = _listen


class Checkbox(Control):
    """A checkbox."""

    def __init__(self, value=False, **arguments):
        super().__init__(value=value, **arguments)


class Slider(Control):
    """A slider."""

    def __init__(self, minimum=0, maximum=100, value=None, **arguments):
        super().__init__(value=value, **arguments)


Row = Column = Group = Accordion = Button = HTML = Textbox = Dropdown = Radio = Control


def update(**changes):
    """Tell the page what to change of a control."""
    return changes
