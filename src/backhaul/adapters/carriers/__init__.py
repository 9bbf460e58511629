"""Ways to the carriers: every package here implements the port `Carrier` and passes one contract test.

`simulated` stands in for five carriers and is the default; `manual` is for labels bought elsewhere.
"""
