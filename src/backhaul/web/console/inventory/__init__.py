"""Assets: the list, one asset's sheet, and everything that is done with them."""
