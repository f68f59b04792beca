"""The demonstration: its content as files in two languages, and the code that turns them into pages."""
