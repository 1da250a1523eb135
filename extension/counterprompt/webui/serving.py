"""What is done once the host's server stands: our data is kept from its file route, and REST is offered."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.errors import CounterpromptError
from counterprompt.webui.options import REST_ALWAYS, REST_NEVER, host_settings, option

if TYPE_CHECKING:
    from counterprompt.webui.rest_actions import RestWork

_log = logging.getLogger(__name__)


def block_data(demo: Any) -> None:
    """Add our data folder to what the page's file route refuses, wherever it lies; without a page there is no route."""
    if demo is None:
        return
    try:
        folder = str(Path(host_settings().data_folder).absolute())
    except CounterpromptError as error:
        _log.warning("Counterprompt: %s", error)
        return
    blocked = list(getattr(demo, "blocked_paths", None) or [])
    if folder not in blocked:
        demo.blocked_paths = [*blocked, folder]


def serve_rest(app: Any) -> None:
    """Add our routes to *app* where the WebUI has an API, or where the settings want them anyway."""
    from modules import shared

    wish = option("rest")
    has_api = bool(getattr(shared.cmd_opts, "api", False) or getattr(shared.cmd_opts, "nowebui", False))
    if wish == REST_NEVER or not (has_api or wish == REST_ALWAYS):
        return
    from counterprompt.webui.rest_login import login_of
    from counterprompt.webui.routes import add_routes

    add_routes(app, _work, login_of(shared.cmd_opts))


def _work() -> RestWork:
    from counterprompt.webui.desk import study_desk
    from counterprompt.webui.rest_actions import RestWork

    return RestWork(study_desk, host_settings)
