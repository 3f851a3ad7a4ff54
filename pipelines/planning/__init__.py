"""``veilbeam plan``: what accuracy a budget buys, told before it is spent."""
