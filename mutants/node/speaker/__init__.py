"""The gong's voice: one port, and what can stand behind it.

    ports       what a speaker is, and what it reports
    deck        decides what a sink is fed, and when; on it: tape, epoch, gain (pure)
    player      a deck with a thread (turns) and a clock: Player(sink, report) is the Speaker of any sink
    sink        what a device is to a deck: alsa (libasound), aplay (a child that may crash without us), wavfile
    solenoid    a Speaker that strikes a real gong (hammer: what its coil survives)
    amplifier   a Speaker around a Speaker: the amplifier's relay
    several     Speakers as one

Nothing here imports the node's core; run.py wires the two.
"""
