"""Finds single properties in an XMP packet (XMP part 1, 7; ISO 16684-1).

A property is an element, whose text may stand in the items of a list, or an attribute. Both are searched for as text,
since hostile XML may blow a parser up. Writers keep to the usual prefixes of namespaces, so these stand for them.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<[^<>]*>")
_FIRST_ITEM = re.compile(r"<rdf:li\b[^<>]*>")
_END_OF_ITEM = "</rdf:li"
_MOST_PLACES = 20


def find_xmp_value(packet: str, name: str) -> str:
    """Return the text of the first property *name*, such as "dc:description", that has one; "" without.

    Of a list with alternatives the first item counts.
    """
    place = packet.find(name)
    for _ in range(_MOST_PLACES):
        if place < 0:
            break
        end = place + len(name)
        is_element = packet[place - 1 : place] == "<"
        if value := _read_element(packet, end, name) if is_element else _read_attribute(packet, end):
            return value
        place = packet.find(name, end)
    return ""


def _read_element(packet: str, start: int, name: str) -> str:
    """The text of the element whose name ends at *start*."""
    opening = packet.find(">", start)
    if opening < 0 or packet[opening - 1] == "/" or packet[start] not in "> \t\r\n":
        return ""
    closing = packet.find(f"</{name}", opening)
    if closing < 0:
        return ""
    inner = packet[opening + 1 : closing]
    item = _FIRST_ITEM.search(inner)
    if item:
        end = inner.find(_END_OF_ITEM, item.end())
        inner = inner[item.end() : end if end >= 0 else None]
    return unescape(_TAG.sub("", inner)).strip()


def _read_attribute(packet: str, start: int) -> str:
    """The value of the attribute whose name ends at *start*."""
    rest = packet[start : start + 8].lstrip()
    if rest[:1] != "=" or rest[1:].lstrip()[:1] not in ('"', "'"):
        return ""
    quote = rest[1:].lstrip()[0]
    opening = packet.index(quote, start)
    closing = packet.find(quote, opening + 1)
    return unescape(packet[opening + 1 : closing]).strip() if closing >= 0 else ""
