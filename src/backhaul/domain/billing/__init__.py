"""The money behind the work: prices, charges, refunds and a double-entry ledger, over any payment gateway.

Not here: what is charged for (transfers, reshipping) and who pays (identity). Start with `model`, then
`lifecycle` (how a charge moves) and `bookkeeping` (what each move books).
"""
