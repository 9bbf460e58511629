"""The drill: processes are killed while transfers and reshipments are created, and afterwards everything is counted.

Not a test of speed and not repeatable to the millisecond: the seed chooses victims and pauses, the machine the
moments. `furnishing` is what there was before, `ordering` and `reshipping` are the clients, `working` is the operator,
`killing` who kills, `counting` and `agreement` what must hold in the end.
"""
