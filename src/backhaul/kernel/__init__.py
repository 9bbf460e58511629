"""Words every part of Backhaul shares: ids, errors, money, measures, clock, fields.

Nothing here knows the business or touches the outside. Start with `errors`: it decides how refusals look.
"""
