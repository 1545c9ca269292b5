"""The history of a plan: its published versions as differences, and what can be told of them."""
