"""What can be done to organizations, accounts, memberships and keys; each function is one transaction."""
