"""What the host is doing."""

import time


class State:
    """Flags and counts of the job in hand."""

    skipped = interrupted = stopping_generation = False
    job, job_no, job_count = "", 0, 0
    processing_has_refined_job_count = False
    sampling_step = sampling_steps = 0
    textinfo = time_start = None

    def __init__(self):
        self.begin("")
        self.end()

    def interrupt(self):
        """End the job in hand."""
        self.interrupted = True

    def skip(self):
        """End the batch in hand."""
        self.skipped = True

    def begin(self, job="(unknown)"):
        """Begin a job: every flag and count anew."""
        self.time_start = time.time()
        self.job, self.job_no, self.job_count = job, 0, -1
        self.sampling_step = self.sampling_steps = 0
        self.processing_has_refined_job_count = False
        self.skipped = self.interrupted = self.stopping_generation = False
        self.textinfo = None

    def end(self):
        """End the job."""
        self.job, self.job_count = "", 0

    def nextjob(self):
        """Count a batch."""
        self.job_no += 1
        self.sampling_step = 0
