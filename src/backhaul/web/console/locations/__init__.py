"""Locations: where people work and devices lie, and what a parcel's address is chosen from."""
