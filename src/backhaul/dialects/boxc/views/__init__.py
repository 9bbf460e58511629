"""What this dialect shows, one file for each resource."""
