"""Single properties of an XMP packet (ISO 16684-1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from counterprompt.imagefile.xmp_values import find_xmp_value

LIST = '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">a &lt;b&gt;\n&quot;c&quot;</rdf:li><rdf:li>x</rdf:li>'


@pytest.mark.parametrize(
    ("value", "packet"),
    [
        ('a <b>\n"c"', f"{LIST}</rdf:Alt></dc:description>"),
        ("a cat", "<dc:description>a cat</dc:description>"),
        ("a cat", "<dc:description\n>\n a cat </dc:description>"),
        ("a\ncat's", "<rdf:Description dc:description='a&#10;cat&apos;s'/>"),
        ('say "hi"', '<rdf:Description dc:description = "say &quot;hi&quot;">'),
        ("b", "<dc:description/><dc:description></dc:description><dc:description>b</dc:description>"),
        ("", "<dc:descriptions>b</dc:descriptions>"),
        ("", "<dc:description>b"),
        ("", '<x dc:description="b'),
        ("", "<dc:description"),
        ("", "dc:description"),
        ("", ""),
    ],
)
def test_elements_lists_and_attributes_are_read(value: str, packet: str) -> None:
    """The first property with a text counts, of a list its first item; entities are resolved, broken ones empty."""
    assert value == find_xmp_value(packet, "dc:description")


@pytest.mark.parametrize("piece", ["<dc:description>", "<dc:description", 'dc:description="', "<rdf:li ", "<", "<a "])
def test_hostile_packets_take_no_time(piece: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """Four million characters of broken XML are searched in three seconds."""
    packet = ("<dc:description>" + piece * (4_000_000 // len(piece)))[:4_000_000]
    with in_time(3):
        find_xmp_value(packet, "dc:description")
        find_xmp_value(f"{packet}</dc:description>", "dc:description")
