"""The tab "Counterprompt": what its page shows, as escaped HTML, and the thin wiring that puts it into gradio."""
