"""The node's ear: while the gong sounds, a microphone counts the blows it hears. Sound is neither kept nor sent.

    tones.py, blows.py, count.py   pure: what a block of samples holds, blows in it, blows held against strokes played
    ear.py                         pure but for its microphone: when to open it, what to make of what it gives
    ports.py, alsa.py              what a microphone is, and one through libasound
    eared.py                       a Speaker around a Speaker, with the ear's thread

Rule 1. A sound never waits for the ear: the speaker is told first, and the microphone is opened after the first sample.
Rule 2. The microphone is open only while something sounds, and for a look whether it is there.
"""
