"""Files of devices: a row's key is its serial number."""
