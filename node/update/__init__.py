"""Replaces the program of a node by a newer release, and itself back if that does not do.

    order ─► node/core/updating.py ─► permit (a file in /run/keng-node)
    fetch.py    as the user keng, with a network: a release's files into a folder of its own
    install.py  as root, without a network: proves them again, installs beside, puts on trial, keeps or rolls back
    boot.py     at each boot, before the node: a trial does not outlive a boot

Three programs, for what may be stolen differs: whoever takes over the fetcher can at the worst write rubbish into its
folder, for the installer believes nothing but a release key; and the installer cannot be talked to.
"""
