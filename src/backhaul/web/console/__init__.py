"""The console: what people who are signed in with a browser see and do (docs/console.md).

Pages call the operations of the domain, never our own HTTP, and every action is a plain form. Start with `declaring`:
`shows` makes a page of a function and `takes` an action; both get a `Visit`, from `visiting`. The areas are folders.
"""
