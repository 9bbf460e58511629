"""PostgreSQL and nothing about the business: connections, tenant scope, facts written with a change.

Start with `database` (how work reaches PostgreSQL), then `facts` (history, outbox and jobs at commit).
"""
