"""The drill: processes are killed while transfers are created, and afterwards everything is counted.

Not a test of speed and not repeatable to the millisecond: the seed chooses victims and pauses, the machine the
moments. `ordering` is who orders, `killing` who kills, `counting` what must hold in the end.
"""
