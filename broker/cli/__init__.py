"""The command `keng`: what an officer, an installer and a program say to the commune, and what they see of it.

    command.py   the verbs, and `main`            reach.py    where the commune's broker is
    parser.py    argparse that speaks Vietnamese  demos.py    which demos run on this machine
    terminal.py  how it is said                   asking.py   ask, and wait for what is told
    words.py     the field's words, both tongues  pages.py    long answers, page by page
    acts.py looks.py watch.py books.py press.py service.py console.py officer.py keys.py enrol.py card.py
    keeping.py    one module for each group of verbs

Rule: everything but `run` and `press` goes through wire.md's `ask`, as any other program's would. The exit codes are
part of the contract (terminal.py); no fault of input, network or file ends in a traceback.
"""

from broker.cli.command import main

__all__ = ["main"]
