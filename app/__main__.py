"""`python -m app` is `xunjian`."""

from app.cli import main

main()
