"""Pages: a folder of queries and a template becomes rows, a plain view model and HTML in each language."""
