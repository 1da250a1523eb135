"""The errors a user can meet. Each message is one plain sentence that names the value and the remedy."""


class CounterpromptError(Exception):
    """Base of all our errors; *exit_code* is what the command line returns for it."""

    exit_code = 1


class InvalidInputError(CounterpromptError):
    """What the user gave is broken, empty, too large or out of range."""

    exit_code = 2


class MissingModelError(CounterpromptError):
    """A model, label file, LoRA or optional package is not where it should be."""

    exit_code = 3


class GeneratorError(CounterpromptError):
    """The image generator cannot be reached, refused the request or failed."""

    exit_code = 4


class ScorerError(CounterpromptError):
    """A scorer failed its self-test or could not score a picture."""

    exit_code = 5


class IncompleteError(CounterpromptError):
    """Some of the work could not be done; the rest of it is, and stays."""

    exit_code = 6


class StoppedError(CounterpromptError):
    """The user asked to stop; everything recorded so far is kept."""

    exit_code = 130
