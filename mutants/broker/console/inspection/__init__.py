"""/quan-tri: Django's admin, to look and never to touch: what stands in the tables, for a chief who must know.

What must hold: nothing can be added, changed or deleted there, for every change of an account goes through
people/accounts.py, which writes it down; it is for chiefs alone, behind their second factor (people/gate.py); it shows
neither a session's key nor anything that was hashed or sealed; it lives with the console's content policy.

    site   who may come in, what is shown
"""
