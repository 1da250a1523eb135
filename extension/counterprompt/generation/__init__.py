"""Image generators: the adapters behind `ports.ImageGenerator`."""
