"""Diễn tập: a drill planned, run, and scored: order to sounding, sounding to acknowledged, hamlets heard.

score    a drill's figures, from what the register has of it (pure)
models   drills that are planned
views    the pages
"""
