"""Words of no name: quality, light, framing and other talk that fills prompts and names nobody."""

from __future__ import annotations

from counterprompt.prompts.folding import fold_words


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_words(text))


GLUE = _words(
    """
    a an the of on in at by to and or with without from into onto over under near for is are as its his her
    their this that some very there has have wearing holding standing sitting front behind beside against image
    picture scene
    """
)
"""Words that join phrases and show nothing by themselves."""

PRAISE = _words(
    """
    beautiful pretty cute lovely gorgeous stunning majestic detailed intricate realistic simple plain small
    large big little great highly ultra extremely best high quality perfect amazing nice young old single one
    lone tiny huge
    """
)
"""Words that colour a phrase without making it a name: a "cute dog" is a dog, a "hot dog" is not."""

_TALK = _words(
    """
    masterpiece absurdres highres hires 2k 4k 8k 16k uhd hdr hd resolution detail details sharp focus award
    winning professional trending artstation good newest aesthetic photo photograph photography photorealistic
    raw dslr film cinematic lighting light lit soft natural studio dramatic volumetric ambient warm cold golden
    hour rim shadow shadows background foreground style styled art artwork digital color colors colorful vibrant
    pastel palette render rendered rendering wide angle close up shot view full body upper portrait landscape
    composition depth field bokeh mood atmosphere atmospheric epic elegant texture textures skin realism
    hyperrealistic illustration painting drawing sketch concept design official low worst bad normal lowres
    blurry ugly score rating source
    """
)

_COLOURS = _words(
    """
    red orange yellow green blue purple violet pink brown black white grey gray beige cyan magenta teal turquoise
    crimson scarlet navy maroon olive tan silver blond blonde dark bright pale light deep monochrome
    """
)
"""A "red background" is nobody; a colour beside a word that may be a name still leaves that word."""

_EVERYBODYS = GLUE | PRAISE | _TALK | _COLOURS


def telling_words(text: str) -> frozenset[str]:
    """Return the words of *text*, folded, that are not everybody's: of "a red circle, masterpiece" only "circle"."""
    return frozenset(word for word in fold_words(text) if word not in _EVERYBODYS)


def is_common(text: str) -> bool:
    """Whether every word of *text* is everybody's word, so that it can be no artist's name and no LoRA's trigger."""
    return all(word in _EVERYBODYS for word in fold_words(text))
