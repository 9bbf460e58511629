"""Pages of an organization that is much larger than most: what they read does not grow with what they leave out."""
