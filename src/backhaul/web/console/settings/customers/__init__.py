"""The installation's customers, for its operator: what they can spend, and what is given back to them."""
