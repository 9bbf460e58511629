"""What people do with second factors; each function is one transaction."""
