"""The page of somebody whose things are wanted back: one link, no account, no scripts, forms as in 1996.

`pages` has the routes, `entering` lets links in, `forms` reads what was posted, `steps` carries it out, `showing`
writes HTML. What may be seen and said is decided in `domain.recovery.person`.
"""
