"""Whole files in and out: what a file would do, doing it chunk by chunk, taking it back, and writing everything out.

Not here: what a device or a person is (inventory, directory); single records go through their operations. Start with
`model` and `lifecycle`; then `operations.review` and `staging`, which judge a file, and `operations.apply`.
"""
