"""The pure core of the commune: no time, threads, sockets, files, sqlite3 or paho in here."""
