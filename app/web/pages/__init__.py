"""The pages, one module a page: what is asked, which right it needs, which template shows it."""
