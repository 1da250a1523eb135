"""A host's page in miniature: txt2img, PNG Info and our tab in real gradio, scripts and styles put in as hosts do it.

Run it: `python -m tests.webui.fake_host.page --port 7861 --data FOLDER` from the repository's root.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "extension"), str(ROOT)]

import gradio as gr  # noqa: E402

from counterprompt.errors import CounterpromptError  # noqa: E402
from counterprompt.settings import load_settings  # noqa: E402
from counterprompt.webui.dynamic_panel import DynamicPanel  # noqa: E402
from counterprompt.webui.page import missing_notice  # noqa: E402
from counterprompt.webui.studies import StudyDesk  # noqa: E402
from counterprompt.webui.study_run import StudyWorkplace  # noqa: E402
from counterprompt.webui.tab.build import TAB_ID, TAB_LABEL, build_tab  # noqa: E402
from counterprompt.webui.tab.host_parts import HostParts  # noqa: E402
from counterprompt.webui.tab.services import TabServices  # noqa: E402
from counterprompt.webui.tab.txt2img_fields import find_txt2img_fields  # noqa: E402
from counterprompt.webui.tab.words import load_words  # noqa: E402

HOST_SCRIPT = Path(__file__).with_name("host.js")


def build_pnginfo(parts: HostParts) -> None:
    """Build PNG Info with the ids and the order of a host."""
    image = gr.Image(type="pil", image_mode="RGBA", elem_id="pnginfo_image", label="Source")
    parts.after_component(image)
    text = gr.Textbox(elem_id="pnginfo_generation_info", label="Parameters")
    parts.after_component(text)
    with gr.Row():
        parts.after_component(gr.Button("Send to extras", elem_id="extras_tab"))
    image.change(_embedded, [image], [text])


def _embedded(image: Any) -> str:
    return "" if image is None else str(image.info.get("parameters", ""))


def open_gallery_file(item: Any) -> Any:
    """Open a picture of the gallery, as the host's own check would; here only from the folder of temporary files."""
    from PIL import Image

    path = Path(item["name"] if isinstance(item, dict) else item)
    return Image.open(path) if path.resolve().is_relative_to(Path(tempfile.gettempdir()).resolve()) else None


class Txt2img:
    """The fields of a txt2img page, with a host's element ids."""

    def __init__(self, parts: HostParts) -> None:
        self.prompt = gr.Textbox(label="Prompt", elem_id="txt2img_prompt", lines=3)
        self.negative = gr.Textbox(label="Negative prompt", elem_id="txt2img_neg_prompt", lines=3)
        self.prompt_count = gr.HTML("0/75", elem_id="txt2img_token_counter")
        self.negative_count = gr.HTML("0/75", elem_id="txt2img_negative_token_counter")
        token, negative_token = (
            gr.Button(name, elem_id=name) for name in ("txt2img_token_button", "txt2img_negative_token_button")
        )
        token.click(_count, [self.prompt], [self.prompt_count], queue=False)
        negative_token.click(_count, [self.negative], [self.negative_count], queue=False)
        self.steps = gr.Slider(1, 150, value=10, step=1, label="Sampling steps", elem_id="txt2img_steps")
        self.cfg = gr.Slider(1, 30, value=7.0, step=0.5, label="CFG Scale", elem_id="txt2img_cfg_scale")
        panel = DynamicPanel("txt2img")
        for field in (self.prompt, self.negative, self.cfg):
            panel.meet(field)
        self.width = gr.Slider(64, 2048, value=64, step=8, label="Width", elem_id="txt2img_width")
        self.height = gr.Slider(64, 2048, value=64, step=8, label="Height", elem_id="txt2img_height")
        self.sampler = gr.Textbox(value="Euler", label="Sampling method", elem_id="txt2img_sampling")
        self.seed = gr.Number(value=-1, label="Seed", elem_id="txt2img_seed")
        generate = gr.Button("Generate", elem_id="txt2img_generate")
        gallery = gr.Gallery(elem_id="txt2img_gallery")
        parts.after_component(gallery)
        info = gr.Textbox(elem_id="generation_info_txt2img", label="Info")
        parts.after_component(info)
        with gr.Row():
            parts.after_component(gr.Button("Send to extras", elem_id="txt2img_send_to_extras"))
        generate.click(_generate, [self.prompt, self.negative, self.cfg], [gallery, info])

    def paste_table(self) -> dict[str, Any]:
        """Return what a host keeps for pasting."""
        fields = [
            (self.prompt, "Prompt"),
            (self.negative, "Negative prompt"),
            (self.cfg, "CFG scale"),
            (self.steps, "Steps"),
            (self.sampler, "Sampler"),
            (self.seed, "Seed"),
            (self.width, "Size-1"),
            (self.height, "Size-2"),
            (self.cfg, lambda params: None),
        ]
        return {"txt2img": {"init_img": None, "fields": fields, "override_settings_component": None}}


def _generate(prompt: str, negative: str, cfg: float) -> tuple[list[Any], str]:
    """Draw with the miniature, as the host would with its model."""
    from counterprompt.bootstrap.generators import GeneratorChoice, load_generator
    from counterprompt.ports import GenerationRequest

    asked = [
        GenerationRequest(prompt, negative or "", seed, 10, cfg_scale=float(cfg), width=64, height=64)
        for seed in (1, 2)
    ]
    told = [
        f"{each.prompt}\nNegative prompt: {each.negative_prompt}\nSteps: 10, Sampler: Euler, "
        f"CFG scale: {each.cfg_scale:g}, Seed: {each.seed}, Size: 64x64, Model: miniature"
        for each in asked
    ]
    return load_generator(GeneratorChoice()).generate(asked), json.dumps({"infotexts": told})


def _count(text: str) -> str:
    return f"{len((text or '').split())}/75"


def plant_shared(language: str) -> None:
    """Let `modules.shared` hold the host's settings, all as usual but the language; no model is loaded yet."""
    package = sys.modules.setdefault("modules", ModuleType("modules"))
    package.shared = sys.modules.setdefault("modules.shared", ModuleType("modules.shared"))
    package.sd_models = sys.modules.setdefault("modules.sd_models", ModuleType("modules.sd_models"))
    package.shared.opts = SimpleNamespace(data={"localization": language, "sd_model_checkpoint": "miniature"})


def plant_paste_fields(table: dict[str, Any]) -> None:
    """Let `modules.infotext_utils` hold *table*, as it does in a host once txt2img is built."""
    package = sys.modules.setdefault("modules", ModuleType("modules"))
    module = sys.modules.setdefault("modules.infotext_utils", ModuleType("modules.infotext_utils"))
    module.paste_fields = table
    package.infotext_utils = module


def miniature_workplace() -> StudyWorkplace:
    """Return a workplace in which the miniature draws."""
    from counterprompt.bootstrap.generators import GeneratorChoice, load_generator

    return StudyWorkplace(load_generator(GeneratorChoice("miniature")), load_settings())


def build_page(data_folder: Path, language: str) -> gr.Blocks:
    """Build the whole page; *data_folder* is where our records go."""
    os.environ["COUNTERPROMPT_DATA"] = str(data_folder)
    plant_shared(language)
    parts = HostParts()
    with gr.Blocks(analytics_enabled=False) as txt2img_page:
        txt2img = Txt2img(parts)
    with gr.Blocks(analytics_enabled=False) as pnginfo_page:
        build_pnginfo(parts)
    plant_paste_fields(txt2img.paste_table())
    services = TabServices(
        load_settings(),
        load_words(language),
        find_txt2img_fields(),
        report_fault=lambda text: print(text, file=sys.stderr),  # noqa: T201
        open_host_picture=open_gallery_file,
        parts=parts.components,
        desk=None if missing_notice() else StudyDesk(load_settings().studies_folder, miniature_workplace),
        missing=missing_notice(),
        styles_file=lambda: data_folder / "styles.csv",
    )
    tab = build_tab(services)
    pages = [(txt2img_page, "txt2img", "txt2img"), (pnginfo_page, "PNG Info", "pnginfo"), (tab, TAB_LABEL, TAB_ID)]
    style = (ROOT / "style.css").read_text("utf-8")
    with gr.Blocks(css=style, analytics_enabled=False) as demo, gr.Tabs(elem_id="tabs"):
        for page, label, elem_id in pages:
            with gr.TabItem(label, id=elem_id, elem_id=f"tab_{elem_id}"):
                page.render()
    return demo


def inject_scripts(language: str) -> None:
    """Put the host's script and ours into every page, as hosts do: by changing the template's answer."""
    from gradio import routes

    ours = [path.read_text("utf-8") for path in sorted((ROOT / "javascript").glob("*.js"))]
    table = ROOT / "localizations" / f"{language}.json"
    localized = [f"localizePage({table.read_text('utf-8')})"] if table.is_file() else []
    tags = "".join(f"<script>{text}</script>" for text in (HOST_SCRIPT.read_text("utf-8"), *localized, *ours))
    template_response = routes.templates.TemplateResponse

    def respond(*args: Any, **kwargs: Any) -> Any:
        response = template_response(*args, **kwargs)
        response.body = response.body.replace(b"</head>", f"{tags}</head>".encode())
        response.init_headers()
        return response

    routes.templates.TemplateResponse = respond


def main() -> None:
    """Serve the page until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=7861)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--language", default="en")
    parser.add_argument("--without", default="", help="modules that this host lacks, parted by commas")
    chosen = parser.parse_args()
    sys.modules.update(dict.fromkeys(filter(None, chosen.without.split(",")), None))  # type: ignore[arg-type]  # so Python marks what cannot be imported
    inject_scripts(chosen.language)
    try:
        demo = build_page(chosen.data, chosen.language)
    except CounterpromptError as error:
        sys.exit(str(error))
    demo.queue()
    demo.launch(server_name="127.0.0.1", server_port=chosen.port, show_api=False, quiet=True)


if __name__ == "__main__":
    main()
