"""What the search believes of candidates: loads numpy and Optuna, so it is imported on first use only."""
