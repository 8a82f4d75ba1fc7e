"""The bundle from which a box is installed without internet (deploy/BUNDLE.md), made once on a machine that has one.

    targets.py   which systems it is for        wheels.py   Python's libraries, one built here for 32 bits
    debs.py      Debian's packages              manifest.py what is in it, with SHA-256; also run on the box itself

What must hold: everything fetched is held to a hash (deploy/requirements) or to Debian's signatures; a bundle that is
there is whole: it is made beside its place and moved there at the end. The standard library alone, but for patterns.
"""
