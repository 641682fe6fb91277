"""Office documents: one report of sections and tables, rendered as Word, Excel and HTML."""
