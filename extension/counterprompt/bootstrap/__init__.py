"""The one place that picks concrete adapters, a module for each question. Nothing heavy loads before it is needed."""
