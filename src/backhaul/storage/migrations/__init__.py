"""The schema's history: numbered revisions of plain SQL, applied by `backhaul migrate`, linted with squawk.

Forward only (decision 0006): a wrong step is corrected by the next one.
"""
