"""What all samplers share."""


class InterruptedException(BaseException):
    """Ends sampling; the picture so far is decoded."""


def store_latent(decoded):
    """Note the picture so far, once a step."""
