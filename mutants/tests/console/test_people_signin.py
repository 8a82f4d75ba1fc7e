"""The way in: password, second factor, one-time passwords; what it tells strangers, and what it leaves behind."""

import time
from collections.abc import Iterator

import pyotp
import pytest
from fakes.consolerun import PASSWORD, SEED, ConsoleRun
from fakes.visitor import Visitor, fresh_code
from fakes.waiting import eventually

from broker.console.people.guard import KNOWN

STRANGER = "127.0.0.66"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console) -> Iterator[ConsoleRun]:
    """One for all of this module: no service, no Mosquitto, no register; people come in all the same."""
    home = tmp_path_factory.mktemp("people")
    run = ConsoleRun(home / "console", blank_console, home, 1)
    yield run.start()
    run.end()


def test_a_right_password_leads_in_and_to_where_one_wanted(console):
    an = Visitor(console)
    assert an.get("/toi").to == "/dang-nhap?next=/toi"
    assert an.password("an", next="/toi").to == "/toi"
    assert an.get("/toi").status == 200


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/\\x", "x"]
)
def test_next_leads_nowhere_but_to_the_console_itself(console, away):
    assert Visitor(console).password("an", next=away).to == "/"


def test_a_stranger_learns_neither_by_words_nor_by_time_whether_a_name_exists(console):
    def tried(name):
        visitor = Visitor(console)
        visitor.get("/dang-nhap")
        began = time.perf_counter()
        reply = visitor.password(name, "khong-phai-mat-khau-nay")
        return time.perf_counter() - began, reply

    names = {"there": "em", "nobody": "khong-ai"}
    rounds = [{key: tried(name) for key, name in names.items()} for _ in range(KNOWN.free)]
    spans = {key: min(one[key][0] for one in rounds) for key in names}
    replies = {key: rounds[-1][key][1] for key in names}
    assert replies["there"].fault == replies["nobody"].fault == "Tên đăng nhập hoặc mật khẩu không đúng."
    assert replies["there"].status == replies["nobody"].status
    assert 0.4 < spans["there"] / spans["nobody"] < 2.5, spans


def test_the_key_is_another_after_the_sign_in_and_the_old_one_is_nobodys(console):
    chi = Visitor(console)
    chi.password("chi")
    before = chi.cookies["keng"]
    chi.post("/dang-nhap/ma", code=fresh_code(console, "chi"))
    assert chi.cookies["keng"] != before
    chi.cookies["keng"] = before
    assert chi.get("/toi").status == 302


def test_cookies_are_for_this_console_alone_and_for_no_script(console):
    visitor = Visitor(console)
    visitor.get("/dang-nhap")
    reply = visitor.password("an")
    for cookie in reply.headers.get_all("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_a_chief_shows_a_second_factor_and_a_code_is_taken_once(console):
    one, other = Visitor(console), Visitor(console)
    for chief in (one, other):
        assert chief.password("chi").to == "/dang-nhap/ma"
        assert chief.get("/toi").status == 302, "the password alone lets nobody in"
    code = fresh_code(console, "chi")
    assert one.post("/dang-nhap/ma", code=code).status == 302
    assert "đã dùng rồi" in other.post("/dang-nhap/ma", code=code).fault
    assert one.get("/toi").status == 200
    assert other.get("/toi").status == 302


def test_a_wrong_code_lets_nobody_in_and_many_cost_time(console):
    chief = Visitor(console)
    chief.password("chi")
    console.sql("UPDATE people_officer SET factor_step = 0 WHERE username = 'chi'")
    right = {pyotp.TOTP(SEED).at(time.time() + 30 * off) for off in range(-2, 3)}
    wrong = next(code for code in ("111111", "222222", "333333") if code not in right)
    statuses = [chief.post("/dang-nhap/ma", code=wrong).status for _ in range(6)]
    assert statuses[-1] == 429
    assert set(statuses[:-2]) == {200}
    eventually(
        lambda: chief.post("/dang-nhap/ma", code=fresh_code(console, "chi")).status == 302, 15, "still made to wait"
    )


def test_strangers_who_hammer_a_name_wait_and_the_officer_does_not(console):
    seated = Visitor(console, "127.0.0.7").sign_in("binh")
    known = Visitor(console, "127.0.0.8").sign_in("binh")
    left = Visitor(console, "127.0.0.9")
    left.cookies = {"keng-device": known.cookies["keng-device"]}
    replies = [Visitor(console, STRANGER).password("binh", f"doan-thu-{n}-lan") for n in range(14)]
    assert replies[-1].status == 429
    assert "giây" in replies[-1].fault
    assert int(replies[-1].headers["Retry-After"]) > 0
    assert Visitor(console, "127.0.0.67").password("binh", PASSWORD).status == 429, "another stranger waits as well"
    assert seated.get("/toi").status == 200, "a session that stands is not touched"
    assert Visitor(console, "127.0.0.7").password("binh").status == 302, "from the address of a standing session"
    assert left.password("binh").status == 302, "from a browser that was let in before"
    assert Visitor(console).password("binh").status == 302, "from the console's own machine"


def test_what_a_header_says_of_the_address_is_not_believed(console):
    for n in range(11):
        Visitor(console, "127.0.0.70").password("em", f"doan-thu-{n}-lan")
    liar = Visitor(console, "127.0.0.71")
    liar.get("/dang-nhap")
    reply = liar.ask(
        "POST",
        "/dang-nhap",
        f"csrfmiddlewaretoken={liar.cookies['keng-csrf']}&username=em&password={PASSWORD}".encode(),
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": "127.0.0.1",
            "Forwarded": "for=127.0.0.1",
        },
    )
    assert reply.status == 429


def test_signing_out_ends_the_session_for_good(console):
    an = Visitor(console).sign_in("an")
    kept = dict(an.cookies)
    reply = an.post("/dang-xuat")
    assert "cache" in reply.headers["Clear-Site-Data"]
    an.cookies = kept
    assert an.get("/toi").status == 302


def test_a_form_without_its_token_does_nothing(console):
    an = Visitor(console).sign_in("an")
    assert an.post("/dang-xuat", csrfmiddlewaretoken="").status == 403
    assert an.get("/toi").status == 200


def test_another_host_name_is_refused(console):
    visitor = Visitor(console)
    visitor.host = "elsewhere.example"
    assert visitor.get("/dang-nhap").status == 400


def test_every_answer_wears_its_headers_and_nothing_is_cached(console):
    an = Visitor(console).sign_in("an")
    for path in ("/toi", "/dang-nhap", "/khong-co", "/static/console/keng.css", "/tai-khoan", "/toi/hai-lop.svg"):
        reply = an.get(path)
        policy = reply.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, path
        assert "unsafe" not in policy
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in reply.headers
        assert "Access-Control-Allow-Origin" not in reply.headers
        assert "charset=utf-8" in reply.headers.get("Content-Type", "charset=utf-8 of nothing")
        if not path.startswith("/static/"):
            assert reply.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize(
    "path", ["../secret", "%2e%2e/secret", "console/../../secret", "/etc/passwd", "console", "", ".git/config"]
)
def test_nothing_but_assets_is_served_as_one_and_no_folder_is_listed(console, path):
    assert Visitor(console).get(f"/static/{path}").status == 404


def test_trace_echoes_nothing(console):
    reply = Visitor(console).ask("TRACE", "/dang-nhap", headers={"X-Secret": "keo-cat-giay"})
    assert b"keo-cat-giay" not in reply.body


def test_who_asks_for_what_is_not_theirs_is_noted(console):
    dung = Visitor(console).sign_in("dung")
    assert dung.get("/tai-khoan").status == 403
    [(detail,)] = console.sql("SELECT detail FROM people_untold WHERE what = 'forbidden' AND about = 'dung'")
    assert "127.0.0.1" in detail
    assert "/tai-khoan" in detail


def test_failures_are_noted_once_a_minute_for_an_address_and_never_with_the_password(console):
    rows = console.sql("SELECT about, detail FROM people_untold WHERE what = 'refused' AND about = ?", STRANGER)
    assert len(rows) == 1
    assert not [row for row in console.sql("SELECT detail FROM people_untold") if "doan-thu" in row[0]]
    assert "doan-thu" not in console.log
    Visitor(console, "127.0.0.90").password("mat-khau-go-nham-dong", "x")
    [(detail,)] = console.sql("SELECT detail FROM people_untold WHERE about = '127.0.0.90'")
    assert "go-nham" not in detail, "a password that was typed as the name"


def test_a_page_that_breaks_says_nothing_of_itself_and_the_others_go_on(console):
    console.sql("ALTER TABLE people_untold RENAME TO gone")
    try:
        reply = Visitor(console).password("an")
        assert reply.status == 500
        assert "kẻng và dịch vụ của xã vẫn chạy" in reply.text
        assert "Traceback" not in reply.text
        assert "people_untold" not in reply.text
        assert Visitor(console).get("/dang-nhap").status == 200
    finally:
        console.sql("ALTER TABLE gone RENAME TO people_untold")
    assert "no such table: people_untold" in console.log, "it is in the journal"
    assert Visitor(console).password("an").status == 302
