"""What browsers and machines around Backhaul see: health, metrics, the public tracking page."""
