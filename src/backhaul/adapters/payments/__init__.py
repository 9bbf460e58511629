"""Payment gateways, one folder each, all behind billing's port."""
