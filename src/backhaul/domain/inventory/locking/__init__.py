"""How an asset is locked before it changes. Start with `statements`; `inventory.tables` runs them."""
