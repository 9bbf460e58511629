"""What people do to their own sessions and accounts; each function is one transaction."""
