"""Folders of the host; a test sets them."""

data_path = ""
script_path = ""
