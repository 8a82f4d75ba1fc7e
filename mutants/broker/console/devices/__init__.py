"""Thiết bị and Bản đồ: each gong as it is, on a list and on a map that needs no internet.

lamp      what a gong's colour, shape and word are (pure)
layout    where a gong stands on a map without a ground (pure)
history   what the register tells of a gong: its last chimes, its troubles
parts     what is live
views     the pages, and the acts of a technician: test, mute, a gong's place on the map
"""
