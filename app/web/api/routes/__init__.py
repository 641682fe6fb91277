"""The routes, by what is asked for: each calls what the command of that name calls."""
