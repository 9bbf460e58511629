"""What can be done about reminders, one file per verb."""
