"""The pure core of a node: no time, threads, sockets, files, gpiozero or paho in here."""
