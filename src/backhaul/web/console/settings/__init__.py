"""What an organization decides for itself."""
