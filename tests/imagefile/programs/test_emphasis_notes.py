"""Notes on translated prompts."""

from counterprompt.imagefile.programs.emphasis_notes import note_as_written


def test_only_what_changed_is_noted_and_verbatim() -> None:
    """Each side that was translated is quoted as it was written."""
    notes = note_as_written("NovelAI", ("{a}", "b"), ("(a:1.05)", "b"))

    assert ("The emphasis is in the WebUI's words; NovelAI wrote the prompt: {a}",) == notes
