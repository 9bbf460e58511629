"""Parcels: labels, tracking, pickups, over any carrier that fits the port.

Not here: why a parcel travels (transfers, recovery, reshipping). Start with `model`, then `lifecycle`
(how scans become a status), then `operations`.
"""
