"""Nhật ký: who did what, out of the journal that nobody can alter unseen; and whether it is whole.

deeds    which entries are deeds of people, and how each is said (pure)
views    the page, and the walk over the chain
"""
