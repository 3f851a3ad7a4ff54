"""One file a source: see "Adding a source" in ``docs/sources.md``."""
