"""The report's tables: heads, widths in mm (156 in all), rows, and the notes beneath."""
