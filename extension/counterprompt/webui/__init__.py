"""The door into a running WebUI: the only part that imports gradio and the host's modules, inside functions."""
