"""How re-identifiable a release is by what it tells of people, and what is done about it."""
