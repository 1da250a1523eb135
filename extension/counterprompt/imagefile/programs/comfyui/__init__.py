"""ComfyUI's pictures: a graph of nodes, walked backwards from the picture that was saved."""
