"""ReReady's API: create a device transfer, view one (contracts §1, docs/dialects/reready.md).

Not here: what a transfer does. Start with `bodies` (what comes in) and `views` (what goes out).
"""
