"""How a list is found on a page nobody described: places, dates, rows, runs, titles."""
