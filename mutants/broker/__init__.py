"""Everything that runs on the commune's machine: Mosquitto's configuration, the commune's service, its register.

In MQTT "broker" means Mosquitto alone; in this house the folder is the whole machine at the commune's office.
"""
