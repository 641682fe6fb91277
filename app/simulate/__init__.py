"""A made register with made looks, of any size: how does this machine bear it?"""
