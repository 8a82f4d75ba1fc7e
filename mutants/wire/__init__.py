"""The words both sides say: messages, topics, codec, signatures, commune time, and the MQTT link.

Nothing here knows a gong, a button or a register; node and broker both stand on it.
"""
