"""The web: one implementation of HTTP for pages, data documents, dumps and SPARQL."""
