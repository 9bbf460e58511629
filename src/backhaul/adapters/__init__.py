"""The outside world behind the domain's ports: carriers, payments, mail, printed labels.

Nothing here decides anything about the business, and only `main` knows which adapter serves which port.
"""
