"""The search: what may be varied, which candidates are tried, and whether the best one is truly better."""
