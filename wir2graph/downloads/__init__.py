"""What portals and readers load: each dataset of a plan in every format, written when a release is built.

    <folder>/files.json                    the files with their sizes and hashes
             <dataset>.ttl .jsonld .rdf .nt    its graph
             <dataset>.json                    the same graph as plain JSON with a context
             <dataset>.csv  <dataset>.en.csv   its table, German and English
             <dataset>.csv-metadata.json       what the columns mean (CSVW)
             <dataset>.README.md
             <plan>.xlsx                       all tables

Nothing here knows releases: any graph of a plan can be written, also one of long ago.
"""

from wir2graph.downloads.files import ABOUT, LIST, METADATA, README, File, read_files
from wir2graph.downloads.parts import Part, parts
from wir2graph.downloads.writing import vocabulary_licence, write

__all__ = [
    "ABOUT", "LIST", "METADATA", "README", "File", "Part", "parts", "read_files", "vocabulary_licence", "write",
]
