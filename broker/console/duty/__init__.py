"""Trực ban, the duty page: what is open, loudest first; take it, sound wider, silence, close. It never navigates
away from itself.

parts   what is live on it
asks    an officer's form as an ask to the commune, and its answer as a sentence
views   the page and its acts
"""
