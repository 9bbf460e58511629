"""BoxC's API: OAuth clients, returns, reshipments and their money (contracts §3, docs/dialects/boxc.md).

Not here: what a return or a client is. Start with `calling` (what a route has at hand), `envelope` (what goes out),
`checking` (what comes in) and `errors` (the numbered refusals); `oauth_errors` words what /auth/v1 refuses.
"""
