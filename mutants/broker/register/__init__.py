"""The commune's register: an append-only journal in SQLite, and the rows that follow from it.

The tables are Django 5.2 models with migrations, for the console stands on them. The running service never imports
Django (it costs a service of 30 MB another 20, and a second of start on a Pi): it writes the same tables with sqlite3.
"""
