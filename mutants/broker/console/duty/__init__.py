"""Trực ban, the duty page: what is open, loudest first; take it, sound wider, silence, close. It never navigates
away from itself.

gongs   gongs by the names that an officer knows (pure)
parts   what is live on it
forms   what an officer may send
asks    an officer's form as an ask to the commune, and its answer as a sentence
acts    take, silence, close, comment, sound, widen
pins    the second look before a real alarm for all
views   the page, the wall at the post, the phone in the street
"""
