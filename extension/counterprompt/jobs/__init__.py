"""Job files: what is to be tuned unattended, written by hand in YAML and checked line by line."""
