"""Pages per second from socket to ledger, beside others on the same pages; see `__main__`."""
