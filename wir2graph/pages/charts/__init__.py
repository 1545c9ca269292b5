"""Charts: pure functions from values to SVG, without styles and scripts; the site's stylesheet gives the colours."""
