"""Picture files: what is embedded in them, their pixels, and writing infotext back."""
