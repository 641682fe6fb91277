"""What a portal's pages are: columns, channels, articles, mailboxes, accounts. Pure as readers."""
