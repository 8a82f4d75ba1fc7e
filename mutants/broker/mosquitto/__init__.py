"""Mosquitto, the MQTT broker: its configuration, its certificates, and the private one of a demo."""
