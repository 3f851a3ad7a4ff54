"""``veilbeam attack``: a release, attacked by those who hold its source."""
