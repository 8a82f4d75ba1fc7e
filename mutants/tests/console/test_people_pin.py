"""The PIN: hashed, slow to guess, and never a way to lock an officer out. In processes of its own."""

from fakes.inside import said

__all__ = ["said"]


def test_the_right_pin_and_no_other_and_after_five_wrong_ones_a_wait(said):
    assert said("""
        an = Officer(pk=1, username="an", pin=make_password("204060"))
        print(json.dumps([
            pin.check(an, "204060"), pin.check(an, ""), pin.check(an, "204061"), pin.check(an, "204060"),
            [pin.check(an, "000000") for _ in range(5)], pin.wait_s(an), pin.check(an, "204060"),
            "5" in pin.refusal(an),
            pin.check(Officer(pk=2, pin=an.pin), "204060"),
        ]))
    """) == [True, False, False, True, [False] * 5, 5, False, True, True]


def test_no_pin_takes_as_long_as_a_wrong_one_and_one_hash_is_under_half_a_second(said):
    none_s, wrong_s = said("""
        def timed(officer):
            spans = []
            for _ in range(5):
                began = time.process_time()  # of the processor, not of a machine that others use
                pin.check(officer, "123123")
                spans.append(time.process_time() - began)
            return min(spans)
        print(json.dumps([timed(Officer(pk=1)), timed(Officer(pk=2, pin=make_password("204060")))]))
    """)
    assert max(none_s, wrong_s) < 0.5
    assert 0.4 < none_s / wrong_s < 2.5


def test_what_is_kept_is_argon2id_with_owasps_parameters(said):
    assert said('print(json.dumps(make_password("204060")))').startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
