"""Lịch kẻng: the code book as a commune lives by it: chimes, the next nights, patterns seen and heard, versions.

plan     what follows from a code book, and how it is changed (pure)
models   the draft that is being worked on
sound    a pattern as a WAV, rendered once
views    the pages; pushing a draft is an ask to the commune
"""
