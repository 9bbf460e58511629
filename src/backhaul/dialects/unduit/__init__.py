"""Unduit's API: sign in, employees, assets (contracts §2, docs/dialects/unduit.md).

Not here: what an employee or an asset is. Start with `people` and `devices` (what comes in), `views` (what goes out)
and `errors` (the two shapes of a refusal in one).
"""
