"""Legal holds: what is kept for a court, and its release by two people."""
