"""Stores: sets of triples that can be asked, by us in process and by strangers under limits."""
