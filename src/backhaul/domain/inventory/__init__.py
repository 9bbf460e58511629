"""Devices: what they are, in which state, and who holds them. Custody is a ledger: every hand-over appends to it.

Not here: people and places (directory), how a parcel moves (shipping), whole files of devices (bulk). Start with
`model` and `lifecycle`; then `operations.assign`, the shortest of the hand-overs, and `operations.recording`, the
one way any of them is written.
"""
