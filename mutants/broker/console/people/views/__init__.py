"""The pages of the room: signin (the way in and out), own (one's own account), factor (one's second factor), chief (the
others'), trust (the commune's certificate).
"""
