"""Bàn thử, in the demo alone: the boxes of a demo's hamlets, to be pressed with a finger, seen and heard.

    boxes    what each box shows, by its own control socket (also the demo's own screen)
    people   the demo's officers, with a throw-away password
    views    the page, and the contacts that a finger closes

What must hold: where console.yaml names no control sockets there is no such page.
"""
