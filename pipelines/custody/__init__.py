"""What only the holder of the key may do: keys, re-identification, erasure, and the log of it."""
