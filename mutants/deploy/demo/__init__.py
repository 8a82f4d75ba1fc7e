"""A commune of five hamlets on one machine: a private Mosquitto, the commune's service, five nodes on pins in memory.

    options.py    what may be asked for          children.py   processes that are started again if they die
    home.py       folders, hamlets, files        ready.py      who is linked and welcomed
    written.py    settings for every process
    sound.py      what this machine can play     screen.py …   the interactive screen
    town.py       all of it, started and ended   headless.py   the same without a screen

What must always hold: whatever ends this process, nothing that it started lives on; nothing is touched that it did not
start; nothing of the system's own Mosquitto is used.
"""
