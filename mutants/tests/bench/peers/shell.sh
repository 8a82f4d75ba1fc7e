#!/bin/bash
# The three lines of shell that many write first: the bench's peer, not part of Kẻng.
#   shell.sh PORT FOLDER        plays FOLDER/alarm.wav or FOLDER/chime.wav, as the topic `go` says
mosquitto_sub -p "$1" -q 1 -t go | while read -r word; do
    [ "$word" = stop ] || aplay -q "$2/$word.wav"
done
