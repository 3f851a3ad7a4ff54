"""How a command is seen from outside: its log, its progress, and on request events of lineage and
metrics. None of them holds a value of the data, or the name of a file of the source."""
