"""Pictures whose making is told in the XMP packet alone (IPTC Photo Metadata 2025.1; exif:UserComment)."""

import json
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from counterprompt.imagefile.programs.registry import read_program
from counterprompt.imagefile.programs.xmp import read_xmp, read_xmp_maker
from counterprompt.imagefile.read import read_picture
from counterprompt.imagefile.texts import EmbeddedTexts

Maker = Callable[..., bytes]
HEAD = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="">'
)
TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"


def _packet(**properties: str) -> str:
    """A packet; "dc_description" is dc:description, its text as the only item of a list."""
    items = (
        f"<{name.replace('_', ':')}><rdf:Alt><rdf:li xml:lang='x-default'>{escape(text)}</rdf:li></rdf:Alt>"
        f"</{name.replace('_', ':')}>"
        for name, text in properties.items()
    )
    return f"{HEAD}{''.join(items)}{TAIL}"


@pytest.mark.parametrize("place", ["dc_description", "exif_UserComment", "Iptc4xmpExt_AIPromptInformation"])
@pytest.mark.parametrize("container", ["PNG", "JPEG", "WEBP"])
def test_an_infotext_in_the_packet_is_read(
    place: str, container: str, infotext: str, make_png: Maker, make_jpeg: Maker
) -> None:
    """In every container and place the infotext comes back as it stands, made by whoever its fields name."""
    packet = _packet(**{place: infotext})
    if container == "PNG":
        content = make_png({"XML:com.adobe.xmp": packet})
    elif container == "JPEG":
        segment = b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()
        plain = make_jpeg()
        content = plain[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:]
    else:
        content = make_jpeg(None, "WEBP", xmp=packet.encode())

    reading = read_picture(content)

    assert (infotext, "AUTOMATIC1111", "the XMP packet") == (reading.infotext, reading.program, reading.place)


def test_another_programs_json_is_read_there_too() -> None:
    """SwarmUI's settings in a description are SwarmUI's."""
    settings = {"sui_image_params": {"prompt": "a cat", "steps": 20, "seed": 4, "cfgscale": 7.0, "model": "a"}}

    reading = read_xmp(EmbeddedTexts({"xmp": _packet(dc_description=json.dumps(settings))}, 4, 4))

    assert reading is not None
    assert ("SwarmUI", "a cat", 20) == (reading.program, reading.params.prompt, reading.params.steps)


def test_the_iptc_fields_are_a_prompt_and_its_maker() -> None:
    """AIPromptInformation is the prompt, as an attribute too; the system and its version are the program."""
    attributes = 'Iptc4xmpExt:AIPromptInformation="a red fox" Iptc4xmpExt:AISystemUsed="Imagen"'
    packet = _packet(Iptc4xmpExt_AISystemVersionUsed="4").replace("<rdf:Description", f"<rdf:Description {attributes}")

    reading = read_xmp(EmbeddedTexts({"xmp": packet}, 4, 4))

    assert reading is not None
    assert ("Imagen 4", "a red fox", "a red fox") == (reading.program, reading.params.prompt, reading.infotext)
    assert "no settings" in reading.notes[0]


def test_a_maker_alone_is_named() -> None:
    """A packet that only says which system was used gives its name and an empty infotext."""
    embedded = EmbeddedTexts({"xmp": _packet(iptcExt_AISystemUsed="Firefly")}, 4, 4)

    reading = read_xmp_maker(embedded)

    assert reading is not None
    assert ("Firefly", "") == (reading.program, reading.infotext)
    assert reading == read_program(embedded)


@pytest.mark.parametrize(
    "packet",
    [
        "",
        _packet(),
        _packet(exif_UserComment="Screenshot"),
        _packet(dc_description="My cat on the steps of the house"),
        _packet(dc_description="ISO: 100, Lens: 50mm, Camera: X"),
        _packet(dc_description="{broken steps"),
    ],
)
def test_captions_are_no_prompts(packet: str) -> None:
    """What tells no settings and stands in no field for prompts says nothing of a making."""
    assert read_program(EmbeddedTexts({"xmp": packet}, 4, 4)) is None


def test_other_places_come_first(infotext: str) -> None:
    """An infotext in its own place hides the packet; a plain comment there does not."""
    xmp = _packet(dc_description=infotext)

    own = read_program(EmbeddedTexts({"parameters": infotext.replace("a cat", "a dog"), "xmp": xmp}, 4, 4))
    plain = read_program(EmbeddedTexts({"UserComment": "Created with GIMP", "xmp": xmp}, 4, 4))

    assert own is not None
    assert plain is not None
    assert ("a dog", "a cat") == (own.params.prompt, plain.params.prompt)
