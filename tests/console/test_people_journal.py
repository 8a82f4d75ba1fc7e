"""What happens to accounts is told to the commune's journal: at once, or when the service is there; once."""

from collections.abc import Callable

from fakes.consolerun import ConsoleRun
from fakes.consoletown import ConsoleTown
from fakes.inside import said
from fakes.lab import Lab
from fakes.visitor import Visitor
from fakes.waiting import eventually

from broker.console.trail.deeds import AT_CONSOLE

__all__ = ["said"]
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


def test_what_is_not_confirmed_stays_and_is_said_again_word_for_word(said) -> None:
    assert said("""
        from broker.console.live.hub import NoAnswer
        from broker.console.live.teller import AWAY_S, EVERY_S, Teller
        from wire.asks import Told
        asked, answers = [], []
        def ask(verb, message):
            asked.append(message)
            answer = answers.pop(0)
            if answer is None:
                raise NoAnswer("none")
            return Told(id=message.id, ok=answer)
        notes.note("an", "signed_in", "an", address="10.0.0.5")
        notes.note("", "refused", "bad" + chr(10) + "line")
        teller, left = Teller(ask), []
        for answer in (None, False, True, True):
            answers.append(answer)
            left.append([teller.turn() == EVERY_S, Untold.objects.count()])
        same = asked[0] == asked[1] == asked[2]
        print(json.dumps([left, same, asked[3].about, asked[3].behalf, teller.turn() == EVERY_S]))
    """) == [[[False, 2], [False, 2], [True, 1], [True, 0]], True, "bad?line", None, True]


def test_one_that_is_never_taken_does_not_hold_up_the_rest(said) -> None:
    assert (
        said("""
        from broker.console.live.teller import MOST_REFUSALS, Teller
        from wire.asks import Told
        notes.note("an", "signed_in", "an")
        notes.note("binh", "signed_in", "binh")
        teller = Teller(lambda verb, message: Told(id=message.id, ok=message.about == "binh"))
        turns = 0
        while Untold.objects.exists():
            teller.turn()
            turns += 1
        print(json.dumps(turns - MOST_REFUSALS))
    """)
        == 1
    )


def test_every_deed_that_is_noted_has_its_sentence(said) -> None:
    assert sorted(AT_CONSOLE) == said("print(json.dumps(sorted(notes.DEEDS)))")


def test_a_report_that_is_taken_out_as_a_file_is_noted(town: ConsoleTown) -> None:
    before = len(town.lab.commune.journal("audited"))
    assert Visitor(town.console).sign_in("an").get("/bao-cao/tep.csv").status == 200

    def exported() -> list[str]:
        rows = town.lab.commune.journal("audited")[before:]
        return [row["subject"] for row in rows if (row["by"], row["body"]["what"]) == ("an", "exported")]

    [name] = eventually(exported, WITHIN_S, "it is not in the journal")
    assert name.startswith("so-ket-cong-lac-") and name.endswith(".csv")
