"""One device on its way out to an employee or back from one: a box leg, then a device leg.

Not here: how a parcel moves (shipping), what is paid (billing). Start with `model` and `lifecycle`; then
`operations.place` and `reactions`, which follow what happens to the two parcels.
"""
