"""What goes out: every key always present, in the documented order and spelling (contract §2.3, §2.4, C14–C20)."""
