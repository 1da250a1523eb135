"""One bar for many jobs."""

from counterprompt.cli.crowd_progress import CrowdProgress


class Bar:
    """Keeps what was shown last."""

    shown: tuple = ()

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Keep it."""
        self.shown = (stage, done, total, note)


def test_jobs_are_summed():
    """Pictures of all jobs against all budgets; what is drawn beyond a budget, for controls, does not overfill."""
    bar = Bar()
    crowd = CrowdProgress(bar, {"one": 100, "two": 60})
    crowd.of("one").advance("search", 30, 100, "best so far")
    crowd.of("two").advance("controls", 75, 75)

    assert ("jobs", 90, 160, "two: controls") == bar.shown


def test_all_are_stopped_together():
    """The one event ends every job."""
    crowd = CrowdProgress(Bar(), {"one": 100})
    listener = crowd.of("one")
    before = listener.is_stop_requested()
    crowd.stop.set()

    assert (False, True) == (before, listener.is_stop_requested())
