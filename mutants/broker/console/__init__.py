"""The duty desk: what the commune police look at, all night. A web console, a process of its own beside the service.

    settings         console.yaml, checked whole
    django_settings  the Django project: its own database (people, sessions), and the register, which it only reads
    run              `keng console`: migrate, then serve over HTTPS
    live/            what is going on now: the register's tail and the wire, assembled into a board, streamed to pages
    people/          who may come in, and as what
    inspection/      Quản trị: the tables, for a chief to look into and never to touch
    duty/            Trực ban: what is open; take it, sound wider, silence, close
    devices/         Thiết bị, Bản đồ: each gong as it is
    cases/           Sổ vụ việc: the register searched, a case's timeline
    chimes/          Lịch kẻng: the code book, drafted, seen, heard, put into use
    drills/          Diễn tập: planned, run, scored
    trail/           Nhật ký: who did what, and whether the journal is whole
    reports/         Báo cáo: the half-year's and the year's figures

What must hold: a broken page stops no alarm (nothing of the service imports this room, and it writes to no table of the
register); what an officer does goes to the service as an ask, in that officer's name, and is done by it alone.
"""
