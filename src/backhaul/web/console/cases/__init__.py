"""Cases: what is expected of one person, where it is, and what became of it."""
