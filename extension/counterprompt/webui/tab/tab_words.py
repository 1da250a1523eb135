"""What sentences name that were written for the command line or for REST, in the words of the tab."""

from __future__ import annotations

import re
from typing import Final

from counterprompt.webui.options import IN_SETTINGS

PHRASES: Final = (
    (r"give --steps from 1 to (\S+?)(?=[.;])", r"set 1 to \1 steps in txt2img and tune what stands there"),
    ("give --size WIDTHxHEIGHT", "set a smaller size in txt2img and tune what stands there"),
    (
        "name a real (scorer|tagger) with --(scorer|tagger) FOLDER or COUNTERPROMPT_[A-Z]+",
        rf"name a real \1 {IN_SETTINGS}",
    ),
    ("name another one with --tagger", f"name another one {IN_SETTINGS}"),
    ("into a folder and name it with --tagger", f"into a folder and name it {IN_SETTINGS}"),
    (r"leave out --preference \S+?(?=\.)", f"choose no preference model {IN_SETTINGS}"),
    ("leave out --tag-artifacts", f"switch the tagger's defect tags off {IN_SETTINGS}"),
    ("choose another data folder with COUNTERPROMPT_DATA", f"choose another data folder {IN_SETTINGS}"),
    ("set COUNTERPROMPT_DATA to another", f"choose another data folder {IN_SETTINGS}"),
    (
        r"The folder .+? cannot be written \((.*?)\); name another with --study",
        rf"The data folder cannot be written (\1); choose another {IN_SETTINGS}",
    ),
    ("name another with --study", f"choose another data folder {IN_SETTINGS}"),
    ("name the folder that `tune` printed", "choose another study"),
    (
        "`counterprompt doctor` says which to install",
        "install onnxruntime, or onnxruntime-gpu for a card, in the WebUI's environment",
    ),
    (
        "`counterprompt doctor` says what to remove and to install",
        "remove onnxruntime and onnxruntime-gpu from the WebUI's environment and install one of them",
    ),
    ("`counterprompt doctor` compares the versions", "compare its version with that of CUDA"),
    ("name a tagger that `counterprompt models list` shows", "leave the setting empty for the miniature's"),
    (r"`counterprompt resume [^`]*` (finishes|goes on|ends)", r"Resume \1"),
    (r"go on with `counterprompt resume [^`]*` or name another", "choose that study and resume it"),
    (r"go on with `counterprompt resume [^`]*` first", "resume it first"),
    ("run `counterprompt resume` to make it again", "start a new study"),
    ("run the command again to start over", "compare again to start over"),
    ("set its batch size to 1 and run the command again", f"let it draw 1 picture at once {IN_SETTINGS}"),
    ("; `recipes list` shows them", "; choose one of these"),
    ("`recipes list` shows those there are, name one of them", "choose one of those that are listed"),
    ("give --replace, or (name|type)? ?another (name|file)", r"type another \2"),
    ("draw some with --draw 40, or start it with `tune --choose`", "start one that asks you"),
    ("; `choose --json` asks one", "; answer the one that is shown"),
    ("use --generator miniature", "use a WebUI with a model"),
    ("; --inventory tells", "; look into the folders of the models"),
    ("leave out --auditor", "leave the auditor out"),
    ("name its file with --checkpoint", "choose one in the WebUI"),
    (r"^weights\.(\w+) is", r"The weight of \1 is"),
    (r"^guards\.(\w+) is", r"The limit of the guard \1 is"),
)
"""Phrase (a regular expression) and what the tab says instead."""

_COMPILED: Final = tuple((re.compile(phrase), instead) for phrase, instead in PHRASES)


def rephrase(sentence: str) -> str:
    """Return *sentence* without options and commands of the command line, which nobody can type into a page."""
    for phrase, instead in _COMPILED:
        sentence = phrase.sub(instead, sentence)
    return sentence
