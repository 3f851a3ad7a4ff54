"""``veilbeam init``: a configuration proposed for a source that nobody has described yet."""
