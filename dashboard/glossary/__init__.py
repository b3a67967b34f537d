"""The glossary: every word of the pages, to be searched."""
