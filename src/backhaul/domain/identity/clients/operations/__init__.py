"""What can be done to clients, codes and tokens; each function is one transaction."""
