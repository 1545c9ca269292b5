"""Search over everything that has a page: an index written with the release, and the ranking that asks it."""
