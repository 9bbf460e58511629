"""The page behind an invitation's link: somebody joins an organization."""
