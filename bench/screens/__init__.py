"""Screenshots of the console for the documentation, made of a demo instance of their own.

`make screenshots` starts it, signs in with a browser and writes `docs/screenshots/`. Start with `__main__`; `shots`
says which pages.
"""
