"""Old sampler labels."""

import pytest

from counterprompt.infotext.samplers import split_sampler


@pytest.mark.parametrize(
    ("sampler_name", "scheduler", "split"),
    [
        ("DPM++ 2M Karras", None, ("DPM++ 2M", "Karras")),
        ("DPM++ 2M SDE Exponential", None, ("DPM++ 2M SDE", "Exponential")),
        ("Euler a", None, ("Euler a", "Automatic")),
        ("Euler a", "Karras", ("Euler a", "Karras")),
        ("Karras", None, ("Karras", "Automatic")),
        (None, None, (None, "Automatic")),
    ],
)
def test_the_schedule_type_is_cut_off(sampler_name, scheduler, split):
    """A schedule type at the end of the label moves into its own, unless one is named."""
    assert split == split_sampler(sampler_name, scheduler)
