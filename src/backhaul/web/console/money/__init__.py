"""The organization's money: its wallet, what it was charged, its invoices, and quotes that wait for an answer."""
