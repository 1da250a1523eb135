"""The judge of the search: tasks on the miniature, methods side by side, and the truth on fresh seeds.

Run ``python -m benchmarks.search --help`` in the root of the repository, with `extension` in PYTHONPATH.
"""
