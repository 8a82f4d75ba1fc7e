"""The Raspberry Pi in a hamlet: buttons, lamps, loudspeaker, and the core that decides between them."""
