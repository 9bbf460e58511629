"""What a hold reaches beyond what it names: a case's devices, returns and person; a person's recoveries.

Not here: what is done about it (`holds.guarding`, `holds.operations`). Start with `statements`.
"""
