"""What happens to accounts is told to the commune's journal: at once, or when the service is there; once."""

from collections.abc import Callable

from fakes.consolerun import ConsoleRun
from fakes.lab import Lab
from fakes.visitor import Visitor
from fakes.waiting import eventually

WITHIN_S = 30.0


def test_what_happened_while_the_service_was_away_is_told_in_order_and_once(
    start_lab: Callable[..., Lab], start_console: Callable[..., ConsoleRun]
) -> None:
    lab = start_lab("thon-1", start=False)
    lab.broker.start()
    for cable in lab.cables.values():
        cable.target = lab.broker.port
    console = start_console(lab)
    stranger = Visitor(console, "127.0.0.66")
    stranger.password("an", "khong-phai-mat-khau")
    an = Visitor(console).sign_in("an")
    an.post("/dang-xuat")
    kept = "SELECT what FROM people_untold ORDER BY id"
    assert [row[0] for row in console.sql(kept)] == ["refused", "signed_in", "signed_out"], "nothing is lost"
    console.kill()
    console.start()
    lab.commune.start()
    eventually(lambda: not console.sql(kept), WITHIN_S, "the journal is not told")
    rows = [(row["by"], row["body"]["what"], row["subject"]) for row in lab.commune.journal("audited")]
    assert rows == [("console", "refused", "127.0.0.66"), ("an", "signed_in", "an"), ("an", "signed_out", "an")]
    assert all("at" in row["body"]["detail"] for row in lab.commune.journal("audited"))
    Visitor(console).sign_in("binh")
    eventually(lambda: len(lab.commune.journal("audited")) == 4, WITHIN_S, "what is new is told as well")
