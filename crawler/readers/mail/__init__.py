"""How letters are found in mailboxes: words, head rows, labels, the jact service."""
