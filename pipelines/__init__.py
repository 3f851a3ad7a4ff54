"""What a person launches: the ``veilbeam`` command, its settings, and the jobs behind it."""
