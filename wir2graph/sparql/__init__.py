"""The SPARQL 1.1 Protocol over HTTP: from a request to the answer of the store."""
