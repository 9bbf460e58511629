"""Wire formats over the one core: each dialect translates and decides nothing.

A dialect's folder holds its authentication, errors, views and routes; what two dialects share about reading
bodies and answering lies here in `reading` and `answering`.
"""
