"""Measurements: how fast each kind of request is, as ratios to PostgreSQL alone and to HTTP alone.

Not a benchmark against others, and not tests: absolute figures are noise on a shared machine. A row is a
`Scenario` in `scenarios.py`; `python -m bench` runs them all, shows how lists grow and how fast a file comes in.
`python -m bench.drill` kills processes instead.
"""
