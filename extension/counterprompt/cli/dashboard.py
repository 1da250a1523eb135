"""The command that opens optuna-dashboard on a study."""

from typing import Annotated

import typer

from counterprompt.bootstrap.dashboards import serve_dashboard
from counterprompt.cli.answers import answer_text
from counterprompt.cli.options import StudyFolder
from counterprompt.places import expanded


def dashboard_command(
    study: StudyFolder,
    host: Annotated[
        str, typer.Option("--host", help="Where to listen. The dashboard has no login: others could delete studies.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8080,
) -> None:
    """Open optuna-dashboard on a study, its pictures beside the trials; Ctrl-C ends it."""

    def tell(pictures: int) -> None:
        answer_text(f"{pictures} pictures are tied to their trials: http://{host}:{port}/ (Ctrl-C ends it)")

    serve_dashboard(expanded(study).absolute(), host, port, tell)
