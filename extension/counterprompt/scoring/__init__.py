"""Says how good a picture is: CLIP embedder, aesthetic heads, antonym probes, signal checks, self-test."""
