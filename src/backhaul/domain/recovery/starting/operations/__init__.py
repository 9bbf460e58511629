"""What can be done about a campaign's start, one file per verb."""
