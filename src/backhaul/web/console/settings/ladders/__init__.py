"""Reminder ladders: listed, looked at with a calendar, written as a form or as a document."""
