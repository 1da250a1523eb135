"""Which model files are here: a WebUI's folder, or a running WebUI asked by its API."""
