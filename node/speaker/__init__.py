"""The gong's voice: one port, and what can stand behind it.

ports.py says what a speaker is; deck.py decides, in pure steps, what a sink is fed and when; player.py gives the deck a
thread, a clock and a mailbox. A sink is one way to be heard: alsa.py (libasound), aplay.py (a child that may crash
without us), wavfile.py (a machine without a sound device). solenoid.py and amplifier.py are speakers of their own kind.
"""
