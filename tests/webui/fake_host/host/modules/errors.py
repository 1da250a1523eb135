"""What the host reports in its console."""

reports = []


def report(message, *, exc_info=False):
    """Remember what was reported."""
    reports.append((message, exc_info))
