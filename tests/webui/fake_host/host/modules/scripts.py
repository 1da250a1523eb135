"""Scripts of extensions, and what calls them."""

import dataclasses
from types import SimpleNamespace

import gradio
from modules import errors

AlwaysVisible = object()
scripts_data = []
scripts_txt2img = None


class Script:
    """What an extension's script is."""

    filename = ""
    args_from = args_to = 0
    infotext_fields = None
    paste_field_names = None
    is_txt2img = True

    def title(self):
        """Name it."""
        raise NotImplementedError

    def show(self, is_img2img):
        """Say whether it is offered, or at all times."""
        return True

    def ui(self, is_img2img):
        """Build its controls."""

    def after_component(self, component, **arguments):
        """Hear of a control of the page that was just built."""

    def setup(self, p, *args):
        """Hear of a new processing object."""

    def process(self, p, *args):
        """Change a generation that is about to begin."""


class ScriptRunner:
    """The scripts of one page, with the controls of all of them."""

    def __init__(self, classes):
        self.inputs = [SimpleNamespace(value=0)]
        self.scripts, self.alwayson_scripts, self.selectable_scripts = [], [], []
        self.title_map, self.callback_map = {}, {}
        for script_class, filename in classes:
            self._add(script_class(), filename)
        for field in ("prompt", "neg_prompt", "cfg_scale"):  # hosts build these before the scripts' own controls
            component = gradio.Textbox(elem_id=f"txt2img_{field}")
            for script in self.scripts:
                script.after_component(component)
        for script in self.scripts:
            self._build(script)

    def _add(self, script, filename):
        script.filename = filename
        shown = script.show(False)
        if not shown:
            return
        self.scripts.append(script)
        (self.alwayson_scripts if shown is AlwaysVisible else self.selectable_scripts).append(script)
        self.title_map[script.title().lower()] = script

    def _build(self, script):
        script.args_from = len(self.inputs)
        self.inputs += script.ui(False) or []
        script.args_to = len(self.inputs)

    def setup_scrips(self, p, *, is_ui=True):
        """Tell each that *p* is there."""
        for script in self.alwayson_scripts:
            script.setup(p, *p.script_args[script.args_from : script.args_to])

    def process(self, p):
        """Let each change *p*; a fault of one is reported and the next has its turn."""
        for script in self.alwayson_scripts:
            try:
                script.process(p, *p.script_args[script.args_from : script.args_to])
            except Exception:
                errors.report(f"Error running process: {script.filename}", exc_info=True)

    def run(self, p, *args):
        """Let the selected script generate, if one is."""
        if not args[0]:
            return None
        script = self.selectable_scripts[args[0] - 1]
        return script.run(p, *args[script.args_from : script.args_to])


@dataclasses.dataclass
class ScriptData:
    """A loaded script class with its module."""

    script_class: type
    module: object
