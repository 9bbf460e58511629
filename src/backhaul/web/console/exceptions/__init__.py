"""The stalled-parcel radar: parcels that need somebody, whose they are, and what to do about them."""
