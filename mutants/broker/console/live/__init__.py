"""What is going on now: the register's tail and the wire, assembled into a board, streamed to the pages.

tail    the register, read as it grows
wire    what is heard on MQTT: statuses, the stated set
board   the two assembled: what an officer should see (pure)
hub     one thread that keeps the board, and asks the commune
parts   which pieces of a page are live, and how they are rendered
stream  text/event-stream: state, not events, so that a cut loses nothing and doubles nothing
teller  what happened to accounts (people/notes.py), told to the journal of the service
"""
