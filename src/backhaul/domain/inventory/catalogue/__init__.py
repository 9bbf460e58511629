"""What an organization's devices are and which states it knows: product types, manufacturers, models, statuses."""
