"""Which task the page's progress bar follows."""

current_task = None
