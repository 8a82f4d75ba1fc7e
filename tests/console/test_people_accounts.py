"""Accounts: one's own and, for a chief, the others'; on SQLite and on PostgreSQL."""

import http.client
import re
import time
from collections.abc import Iterator
from contextlib import closing

import pyotp
import pytest
from fakes.consolerun import PASSWORD, PEOPLE, PIN, ConsoleRun
from fakes.visitor import Visitor
from fakes.waiting import eventually

NEW = "con trau qua cau tre"
OLD = PASSWORD
ON_SQLITE = pytest.mark.parametrize("console", ["sqlite"], indirect=True)
"""It asks no database but for the officer's row: once is enough."""
OUT_S = 5.0
"""The bar: whoever is switched off is out so soon, an open stream too."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def console(request, tmp_path_factory: pytest.TempPathFactory, blank_console) -> Iterator[ConsoleRun]:
    """One for all of this module and each database."""
    home = tmp_path_factory.mktemp("accounts")
    more, database = "", None
    if request.param == "postgres":
        database = request.getfixturevalue("postgres").copy(blank_console.parent / "secret")
        more = database.line
    run = ConsoleRun(home / "console", blank_console, home, 1, more=more)
    if database is not None:
        run.sql = database.sql  # the tables are there
    yield run.start()
    run.end()
    assert "Traceback" not in run.log, run.log


@pytest.fixture(scope="module")
def chief(console) -> Visitor:
    """Who may say who the others are."""
    return Visitor(console).sign_in("chi")


def made(chief: Visitor, name: str, role: str = "officer") -> tuple[Visitor, str]:
    """Somebody new, not signed in yet, and the one-time password."""
    reply = chief.post("/tai-khoan/moi", username=name, full_name="Lê Thị Mới", role=role, pin=PIN)
    return Visitor(chief.console), once(reply)


def once(reply) -> str:
    found = re.search(r'class="once"><code>([^<]+)<', reply.text)
    assert found, reply.fault or reply.text
    return found[1]


def settled(chief: Visitor, name: str, role: str = "officer") -> Visitor:
    """Somebody new with a password of their own, signed in."""
    columns = "password, pin, factor, factor_step, must_change, is_superuser, is_staff, is_active, email, date_joined"
    chief.console.sql(
        f"INSERT INTO people_officer (username, full_name, role, {columns})"
        f" SELECT ?, 'Lê Thị Mới', ?, {columns} FROM people_officer WHERE username = 'an'",
        name,
        role,
    )
    who = Visitor(chief.console)
    assert who.password(name).status == 302
    return who


@ON_SQLITE
def test_only_a_chief_sees_and_changes_accounts(console):
    for name, role in PEOPLE.items():
        if role == "chief":
            continue
        who = Visitor(console).sign_in(name)
        for path in ("/tai-khoan", "/tai-khoan/moi", "/tai-khoan/nguoi/an"):
            assert who.get(path).status == 403, (role, path)
        for path in ("/tai-khoan/moi", "/tai-khoan/nguoi/em/doi", "/tai-khoan/nguoi/em/phien"):
            assert who.post(path, act="off", pin=PIN).status == 403, (role, path)


def test_a_one_time_password_opens_only_the_page_that_changes_it(console, chief):
    who, password = made(chief, "moi-mot")
    assert who.password("moi-mot", password).status == 302
    for path in ("/", "/truc-ban", "/toi", "/toi/pin", "/tai-khoan"):
        assert who.get(path).to == "/toi/mat-khau", path
    assert who.get("/dong?parts=cases", Accept="text/event-stream").status == 403
    assert who.post("/toi/mat-khau", current=password, new=NEW, again=NEW).to == "/toi"
    assert who.get("/toi").status == 200
    assert Visitor(console).password("moi-mot", password).status == 200, "it is void now"
    assert Visitor(console).password("moi-mot", NEW).status == 302


def test_a_one_time_password_is_shown_once_and_ends(console, chief):
    who, password = made(chief, "moi-hai")
    assert password not in chief.get("/tai-khoan/nguoi/moi-hai").text
    assert password not in console.log
    console.sql("UPDATE people_officer SET password_until_ms = 1 WHERE username = 'moi-hai'")
    assert "hết hạn" in who.password("moi-hai", password).fault


@ON_SQLITE
@pytest.mark.parametrize(
    ("new", "again", "fault"),
    [
        ("ngan-qua-123", "khac-nhau-456", "không giống nhau"),
        ("ngan-qua", "ngan-qua", "ít nhất 12"),
        ("matkhau123456", "matkhau123456", "dễ đoán"),
        ("Nguyen Van An 1990", "Nguyen Van An 1990", "dễ đoán"),
        ("x" * 129, "x" * 129, "128"),
    ],
)
def test_a_bad_new_password_is_refused_with_what_to_do(console, chief, new, again, fault):
    who = Visitor(console).sign_in("an")
    assert fault in who.post("/toi/mat-khau", current=PASSWORD, new=new, again=again).fault


@ON_SQLITE
def test_a_password_of_any_letters_and_of_a_whole_phrase_is_taken_as_typed(console, chief):
    who = settled(chief, "moi-ba")
    phrase = " Cầu Tre Lắc Lẻo, gập ghềnh khó đi  "
    assert len(phrase) < 64
    long = phrase + "ê" * 60
    assert who.post("/toi/mat-khau", current=OLD, new=long, again=long).to == "/toi"
    assert Visitor(console).password("moi-ba", long.strip()).status == 200
    assert Visitor(console).password("moi-ba", long.lower()).status == 200
    assert Visitor(console).password("moi-ba", long).status == 302


def test_a_changed_password_ends_the_other_sessions_and_asks_for_the_old_one(console, chief):
    here = settled(chief, "moi-bon")
    there = Visitor(console)
    there.password("moi-bon", OLD)
    before = here.cookies["keng"]
    assert "đang dùng không đúng" in here.post("/toi/mat-khau", current=OLD + "x", new=OLD + "!", again=OLD + "!").fault
    assert there.get("/toi").status == 200
    assert here.post("/toi/mat-khau", current=OLD, new=OLD + "!", again=OLD + "!").to == "/toi"
    assert here.get("/toi").status == 200
    assert here.cookies["keng"] != before
    assert there.get("/toi").status == 302


@ON_SQLITE
def test_a_pin_is_set_with_the_password_and_is_no_easy_one(console, chief):
    who = settled(chief, "moi-nam")
    assert "dễ đoán" in who.post("/toi/pin", current=OLD, pin="123456", again="123456").fault
    assert "chữ số" in who.post("/toi/pin", current=OLD, pin="12a456", again="12a456").fault
    assert "không đúng" in who.post("/toi/pin", current="x", pin="204060", again="204060").fault
    assert who.post("/toi/pin", current=OLD, pin="204060", again="204060").to == "/toi"
    [(kept,)] = console.sql("SELECT pin FROM people_officer WHERE username = 'moi-nam'")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@ON_SQLITE
def test_a_chiefs_change_asks_for_the_chiefs_own_pin(console, chief):
    settled(chief, "moi-sau")
    reply = chief.post("/tai-khoan/nguoi/moi-sau/doi", act="off", pin="000000")
    assert "PIN không đúng" in reply.fault
    assert console.sql("SELECT is_active FROM people_officer WHERE username = 'moi-sau'")[0][0]
    assert chief.post("/tai-khoan/nguoi/moi-sau/doi", act="off", pin=PIN).status == 302


def test_whoever_is_switched_off_is_out_within_five_seconds_and_the_stream_ends(console, chief):
    who = settled(chief, "moi-bay")
    line = http.client.HTTPConnection("127.0.0.1", console.port, timeout=20)
    with closing(line):
        cookie = f"keng={who.cookies['keng']}"
        line.request("GET", "/dong?parts=cases", headers={"Cookie": cookie, "Accept": "text/event-stream"})
        stream = line.getresponse()
        assert stream.status == 200
        stream.readline()
        assert chief.post("/tai-khoan/nguoi/moi-bay/doi", act="off", pin=PIN).status == 302
        began_s = time.monotonic()
        assert who.get("/toi").status == 302
        assert b"event: ended" in stream.read()
        assert time.monotonic() - began_s <= OUT_S
    assert who.password("moi-bay", OLD).status == 200, "and is not let in again"
    assert chief.post("/tai-khoan/nguoi/moi-bay/doi", act="on", pin=PIN).status == 302
    assert who.password("moi-bay", OLD).status == 302


@pytest.mark.parametrize("change", ["password = 'argon2$x'", "factor = 'x'", "role = 'watch'", "is_active = FALSE"])
def test_a_session_is_bound_to_what_it_began_with(console, chief, change):
    """Whatever changed it: another console on the same database, or a hand in the table."""
    name = f"moi-{change.split()[0].replace('_', '-')}"
    who = settled(chief, name)
    assert who.get("/toi").status == 200
    console.sql(f"UPDATE people_officer SET {change} WHERE username = ?", name)
    assert who.get("/toi").status == 302


def test_another_role_ends_the_sessions_of_the_old_one(console, chief):
    who = settled(chief, "moi-tam")
    assert chief.post("/tai-khoan/nguoi/moi-tam/doi", act="role", role="watch", pin=PIN).status == 302
    assert who.get("/toi").status == 302
    who.password("moi-tam", OLD)
    assert "Người theo dõi" in who.get("/toi").text


@ON_SQLITE
def test_a_chief_is_not_switched_off_or_demoted_by_their_own_hand(console, chief):
    for act in ("off", "role", "password", "factor"):
        assert "chỉ huy khác" in chief.post("/tai-khoan/nguoi/chi/doi", act=act, role="watch", pin=PIN).fault
    assert chief.get("/tai-khoan").status == 200


def test_sessions_are_listed_without_their_keys_and_ended_one_by_one_or_all(console, chief):
    one = settled(chief, "moi-chin")
    others = [Visitor(console) for _ in range(3)]
    for other in others:
        other.password("moi-chin", OLD)
    page = one.get("/toi").text
    marks = re.findall(r'name="seat" value="([0-9a-f]{24})"', page)
    assert len(marks) == 3
    assert not [visitor for visitor in (one, *others) if visitor.cookies["keng"] in page]
    one.post("/toi/phien", seat=marks[0])
    assert [other.get("/toi").status for other in others].count(302) == 1
    page = chief.get("/tai-khoan/nguoi/moi-chin").text
    [mark, *_] = re.findall(r'name="seat" value="([0-9a-f]{24})"', page)
    chief.post("/tai-khoan/nguoi/moi-chin/phien", seat=mark)
    one.post("/toi/phien", seat="others")
    assert [other.get("/toi").status for other in others] == [302] * 3
    assert chief.post("/tai-khoan/nguoi/moi-chin/doi", act="sessions", pin=PIN).status == 302
    assert one.get("/toi").status == 302


def test_an_account_has_six_sessions_and_the_oldest_gives_way(console, chief):
    first = settled(chief, "moi-muoi")
    for _ in range(6):
        Visitor(console).password("moi-muoi", OLD)
    assert first.get("/toi").status == 302
    [(count,)] = console.sql(
        "SELECT count(*) FROM people_seat s JOIN people_officer o ON o.id = s.officer_id WHERE o.username = 'moi-muoi'"
    )
    assert count == 6


@pytest.mark.parametrize(
    ("column", "back_ms", "stands"),
    [("began_ms", 12 * 3_600_000, False), ("began_ms", 11 * 3_600_000, True), ("seen_ms", 2 * 3_600_000, False),
     ("seen_ms", 3_600_000, True), ("began_ms", -3_600_000, False)],
)  # fmt: skip
def test_a_session_lasts_a_shift_and_two_idle_hours_and_none_comes_from_the_future(
    console, chief, column, back_ms, stands
):
    who = Visitor(console).sign_in("dung")
    at_ms = int(time.time() * 1000) - back_ms
    console.sql(f"UPDATE people_seat SET {column} = ? WHERE session_key = ?", at_ms, who.cookies["keng"])
    assert (who.get("/toi").status == 200) == stands


def test_a_page_that_streams_is_not_idle(console, chief):
    who = Visitor(console).sign_in("em")
    long_ago = int(time.time() * 1000) - 2 * 3_600_000 + 15_000
    line = http.client.HTTPConnection("127.0.0.1", console.port, timeout=20)
    with closing(line):
        line.request("GET", "/dong?parts=troubles", headers={"Cookie": f"keng={who.cookies['keng']}"})
        stream = line.getresponse()
        stream.readline()
        console.sql("UPDATE people_seat SET seen_ms = ? WHERE session_key = ?", long_ago, who.cookies["keng"])
        look = "SELECT seen_ms FROM people_seat WHERE session_key = ?"
        eventually(lambda: console.sql(look, who.cookies["keng"])[0][0] > long_ago, why="the stream is not seen")


def test_a_new_chief_can_only_set_the_second_factor_and_gets_recovery_codes_once(console, chief):
    who = settled(chief, "moi-chi", "chief")
    for path in ("/", "/toi", "/tai-khoan", "/truc-ban"):
        assert who.get(path).to == "/toi/hai-lop", path
    assert who.post("/tai-khoan/moi", username="lau", full_name="x", role="chief", pin=PIN).to == "/toi/hai-lop"
    page = who.get("/toi/hai-lop").text
    found = re.search(r'class="seed">([^<]+)<', page)
    assert found
    seed = found[1].replace("-", "")
    picture = who.get("/toi/hai-lop.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert b"style" not in picture.body
    assert who.post("/toi/hai-lop", current=OLD, code="000000").fault
    code = pyotp.TOTP(seed).now()
    assert who.post("/toi/hai-lop", current="x", code=code).fault
    reply = who.post("/toi/hai-lop", current=OLD, code=code)
    recovery = re.findall(r"<li><code>([^<]+)</code>", reply.text)
    assert len(recovery) == 10
    assert who.get("/tai-khoan").status == 200
    assert who.get("/toi/hai-lop.svg").status == 404, "the seed is not shown again"
    again = Visitor(console)
    again.password("moi-chi", OLD)
    assert again.post("/dang-nhap/ma", code=recovery[3]).status == 302
    twice = Visitor(console)
    twice.password("moi-chi", OLD)
    assert twice.post("/dang-nhap/ma", code=recovery[3]).fault
    kept = console.sql("SELECT hashed FROM people_recoverycode")
    assert all(row[0].startswith("argon2$argon2id$") for row in kept)
    [(sealed,)] = console.sql("SELECT factor FROM people_officer WHERE username = 'moi-chi'")
    assert seed not in sealed


def test_a_lost_telephone_is_taken_off_by_another_chief_and_a_password_alone_does_not(console, chief):
    who = settled(chief, "moi-chi-hai", "chief")
    seed = re.search(r'class="seed">([^<]+)<', who.get("/toi/hai-lop").text)[1].replace("-", "")
    who.post("/toi/hai-lop", current=OLD, code=pyotp.TOTP(seed).now())
    password = once(chief.post("/tai-khoan/nguoi/moi-chi-hai/doi", act="password", pin=PIN))
    assert Visitor(console).password("moi-chi-hai", password).to == "/dang-nhap/ma", "a new password bypasses no factor"
    assert chief.post("/tai-khoan/nguoi/moi-chi-hai/doi", act="factor", pin=PIN).status == 302
    assert Visitor(console).password("moi-chi-hai", password).status == 302


def test_what_was_done_is_kept_for_the_journal(console, chief):
    who, password = made(chief, "moi-cuoi")
    who.password("moi-cuoi", password)
    who.post("/toi/mat-khau", current=password, new=NEW, again=NEW)
    chief.post("/tai-khoan/nguoi/moi-cuoi/doi", act="role", role="technician", pin=PIN)
    rows = set(console.sql("SELECT who, what, about FROM people_untold"))
    assert ("chi", "officer_made", "moi-cuoi") in rows
    assert ("moi-cuoi", "password_changed", "moi-cuoi") in rows
    assert ("chi", "role_changed", "moi-cuoi") in rows
