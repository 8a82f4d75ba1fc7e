"""Admitting and dismissing: a commune's first files, and the coming and going of its nodes. Files and one signal.

    site.py      where everything of an installed commune is    found.py    its first files (deploy/install-commune.sh)
    accounts.py  Mosquitto's password files, read back          enrol.py    a node comes, a node goes
    bookedit.py  a code book changed, its comments kept         boxes.py    node.yaml of a wired box
    texts.py     commune.yaml and its neighbours, commented     files.py    written whole or not at all

What must hold: no key, password or code book that exists is ever overwritten by founding; a node is enrolled wholly or
not at all; the broker's own settings, passwords and lists of access are written by broker/mosquitto.
"""
