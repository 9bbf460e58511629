"""Returns that are sent on: asked for, quoted, approved or declined, followed."""
