"""``veilbeam evaluate``: how well the detector finds what people marked in texts of their own."""
