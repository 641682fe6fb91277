"""What of a mailbox's answers may be kept: masks over names, numbers, addresses and letters.

`page` is the door: it masks an answer and proves that the readers still read the same letters.
"""
