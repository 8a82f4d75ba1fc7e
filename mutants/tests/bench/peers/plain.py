"""The script that most people would write: gpiozero, paho, simpleaudio. The bench's peer, not part of Kẻng.

    python plain.py PORT ALARM.wav CHIME.wav      then "down" and "up" on stdin move the button

"alarm", "chime" and "stop" arrive on the topic `go`.
"""

import sys

import paho.mqtt.client as mqtt
import simpleaudio
from gpiozero import Button, Device
from gpiozero.pins.mock import MockFactory

Device.pin_factory = MockFactory()
port, alarm, chime = int(sys.argv[1]), *map(simpleaudio.WaveObject.from_wave_file, sys.argv[2:4])
button = Button(17, hold_time=0.3)
button.when_held = alarm.play


def on_message(client, userdata, message):
    word = message.payload.decode()
    if word == "stop":
        simpleaudio.stop_all()
    else:
        (alarm if word == "alarm" else chime).play()


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.on_message = on_message
client.on_connect = lambda client, *_: client.subscribe("go", 1)
client.on_subscribe = lambda *_: print("ready", flush=True)
client.connect("127.0.0.1", port)
client.loop_start()
for line in sys.stdin:
    if line.strip() == "down":
        button.pin.drive_low()
    elif line.strip() == "up":
        button.pin.drive_high()
    elif line.strip() == "stop":
        simpleaudio.stop_all()
