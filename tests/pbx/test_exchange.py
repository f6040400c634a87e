"""The reports of the exchange about calls, with a manual clock."""

from __future__ import annotations

import pytest

from pycti.errors import ApiError, StateError
from pycti.pbx.exchange import Exchange
from pycti.pbx.phones import Phones

from .manual import START
from .office import ANNA, BEN, CALLER, CONF, IVR, QUEUE, World


class TestClickToCall:
    def test_a_click_to_call_rings_the_own_phone_then_the_destination(self, world):
        call = world.exchange.originate("10002", "442036427900")
        assert world.heard(ANNA) == ["trying"]
        assert call.state == "INITIAL"
        world.timers.advance(2)
        assert world.heard(ANNA) == ["early"]
        assert call.state == "RINGING"
        world.timers.advance(2)
        assert world.heard(ANNA) == ["confirmed"]
        assert (call.state, call.connected) == ("CONNECTED", START + 4)
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA) == ["terminated local-bye"]
        assert world.exchange.calls == {}
        assert world.timers.pending == 0

    def test_the_other_party_hangs_up(self, world):
        world.exchange.originate("10002", "442079460106")
        world.timers.advance(10)
        assert world.heard(ANNA) == ["trying", "early", "confirmed", "terminated remote-bye"]

    @pytest.mark.parametrize(
        ("number", "told"),
        [
            ("442079460101", ["proceeding", "terminated rejected 486"]),
            ("442079460102", ["early", "terminated timeout 408"]),
            ("442079460103", ["early", "terminated rejected 603"]),
            ("442079460104", ["proceeding", "terminated rejected 404"]),
            ("442079460108", ["proceeding", "terminated rejected 480"]),
            ("1006", ["proceeding", "terminated rejected 486"]),
            ("1007", ["proceeding", "terminated rejected 480"]),
            ("1008", ["early", "terminated timeout 408"]),
        ],
    )
    def test_a_destination_that_does_not_answer_has_a_reason(self, world, number, told):
        world.exchange.originate("10002", number)
        world.timers.advance(60)
        assert world.heard(ANNA) == ["trying", *told]
        assert world.exchange.calls == {}

    def test_a_slow_network_is_proceeding_before_it_rings(self, world):
        world.exchange.originate("10002", "442079460105")
        world.timers.advance(4.5)
        assert world.heard(ANNA) == ["trying", "proceeding"]
        world.timers.advance(1)
        assert world.heard(ANNA) == ["early"]
        world.timers.advance(8)
        assert world.heard(ANNA) == ["confirmed"]

    def test_a_number_that_is_not_listed_answers(self, world):
        world.exchange.originate("10002", "34911234567")
        world.timers.advance(4)
        assert world.heard(ANNA) == ["trying", "early", "confirmed"]

    def test_a_number_that_holds_is_reported_on_hold_and_resumed(self, world):
        call = world.exchange.originate("10002", "442079460107")
        world.timers.advance(8)
        assert world.heard(ANNA) == ["trying", "early", "confirmed", "held"]
        assert call.state == "ON_HOLD"
        world.timers.advance(5)
        assert world.heard(ANNA) == ["confirmed"]

    def test_a_colleague_rings_and_answers(self, world):
        world.exchange.originate("10002", "1005")
        world.timers.advance(4)
        assert world.heard("user:10005") == ["early", "confirmed"]

    def test_a_colleague_on_do_not_disturb_gets_no_call(self, world):
        world.exchange.originate("10002", "1006")
        world.timers.advance(10)
        assert world.heard("user:10006") == []

    def test_the_own_phone_rejects(self, world):
        call = world.exchange.originate("10002", "442036427900")
        world.exchange.reject(call, call.ringing[0])
        assert world.heard(ANNA) == ["trying", "terminated rejected 603"]

    def test_the_own_phone_is_not_picked_up(self, world):
        world.phones.configure("10002", pickup_after=None)
        world.exchange.originate("10002", "442036427900")
        world.timers.advance(30)
        assert world.heard(ANNA) == ["trying", "terminated timeout 408"]

    def test_the_user_hangs_up_while_the_own_phone_rings(self, world):
        call = world.exchange.originate("10002", "442036427900")
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA) == ["trying", "terminated cancelled 487"]
        assert world.timers.pending == 0

    def test_the_user_hangs_up_while_the_destination_rings(self, world):
        call = world.exchange.originate("10002", "1003")
        world.timers.advance(2)
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA) == ["trying", "early", "terminated cancelled 487"]
        assert world.heard(BEN) == ["early", "terminated cancelled 487"]

    def test_an_early_answer_cancels_the_automatic_answer(self, world):
        call = world.exchange.originate("10002", "1003")
        world.exchange.answer(call, call.ringing[0])
        world.timers.advance(5)
        assert world.heard(ANNA) == ["trying", "early"]

    @pytest.mark.parametrize("own", ["1002", "10002"])
    def test_the_own_number_cannot_be_called(self, world, own):
        with pytest.raises(ApiError, match="yourself"):
            world.exchange.originate("10002", own)

    def test_a_user_without_a_phone_cannot_call(self, world):
        with pytest.raises(ApiError, match="no VoIP clients registered") as caught:
            world.exchange.originate("10007", "1002")
        assert caught.value.status == 412

    def test_an_unknown_user_cannot_call(self, world):
        with pytest.raises(ApiError, match="No such user"):
            world.exchange.originate("99999", "1002")

    def test_ids_are_unique_within_a_millisecond(self, world):
        ids = [world.exchange.originate(f"1000{one}", "1008").id for one in (2, 3, 4)]
        assert len(set(ids)) == 3
        assert all(one.isdigit() and len(one) == 13 for one in ids)


class TestInbound:
    def test_an_inbound_call_rings_until_it_is_answered(self, world):
        call = world.incoming("1002")
        world.timers.advance(20)
        assert world.heard(ANNA) == ["early"]
        world.exchange.answer(call, call.ringing[0])
        assert world.heard(ANNA) == ["confirmed"]
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA) == ["terminated remote-bye"]

    def test_an_inbound_call_shows_the_caller(self, world):
        leg = world.leg(world.incoming("1002"), ANNA)
        assert (leg.way, leg.remote, leg.party.number) == ("recipient", CALLER, "1002")

    def test_a_call_that_is_not_answered_ends(self, world):
        world.incoming("1002")
        world.timers.advance(30)
        assert world.heard(ANNA) == ["early", "terminated timeout 408"]

    def test_the_caller_hangs_up_while_it_rings(self, world):
        call = world.incoming("1002")
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA) == ["early", "terminated cancelled 487"]

    def test_the_user_declines(self, world):
        call = world.incoming("1002")
        world.exchange.hang_up(call, world.leg(call, ANNA))
        assert world.heard(ANNA) == ["early", "terminated rejected 603"]
        assert world.exchange.calls == {}

    def test_a_caller_with_a_talk_time_hangs_up(self, world):
        party = world.directory.dial("442079460106")
        call = world.exchange.incoming(party, world.directory.dial("1005"))
        world.timers.advance(2)
        assert call.state == "CONNECTED"
        world.timers.advance(6)
        assert world.heard("user:10005")[-1] == "terminated remote-bye"


class TestQueue:
    def test_a_queue_rings_every_member_and_connects_the_first_to_answer(self, world):
        call = world.incoming("770")
        assert world.heard(QUEUE) == world.heard(ANNA) == world.heard(BEN) == ["early"]
        world.exchange.answer(call, world.leg(call, BEN))
        assert world.heard(QUEUE) == world.heard(BEN) == ["confirmed"]
        assert world.heard(ANNA) == ["terminated cancelled 487"]
        world.exchange.hang_up(call, world.leg(call, BEN))
        assert world.heard(BEN) == ["terminated local-bye"]
        assert world.heard(QUEUE) == ["terminated remote-bye"]

    def test_a_queue_continues_when_one_member_declines(self, world):
        call = world.incoming("770")
        world.exchange.hang_up(call, world.leg(call, ANNA))
        assert world.heard(ANNA) == ["early", "terminated rejected 603"]
        assert world.heard(QUEUE) == ["early"]
        world.exchange.reject(call, world.leg(call, BEN))
        assert world.heard(QUEUE) == ["terminated rejected 480"]

    def test_a_call_that_is_not_answered_ends(self, world):
        world.incoming("770")
        world.timers.advance(30)
        assert world.heard(QUEUE) == ["early", "terminated timeout 408"]

    def test_members_without_a_free_phone_are_skipped(self, world):
        world.phones.configure("10002", dnd=True)
        world.phones.configure("10003", registered=False)
        world.incoming("770")
        world.timers.advance(1)
        assert world.heard(ANNA) == world.heard(BEN) == []
        assert world.heard(QUEUE) == ["early", "terminated rejected 480"]

    def test_a_member_who_calls_the_queue_is_not_rung_by_it(self, world):
        call = world.exchange.originate("10002", "770")
        world.timers.advance(2)
        assert [leg.party.node for leg in call.ringing] == [BEN]


class TestIvr:
    def test_an_ivr_answers_and_forwards_to_the_queue(self, world):
        call = world.incoming("550")
        world.timers.advance(1)
        assert world.heard(IVR) == ["early", "confirmed"]
        world.timers.advance(4)
        assert world.heard(IVR) == ["terminated replaced"]
        assert world.heard(QUEUE) == world.heard(ANNA) == ["early"]
        world.exchange.answer(call, world.leg(call, ANNA))
        assert world.heard(QUEUE) == world.heard(ANNA) == ["confirmed"]

    def test_a_caller_who_hangs_up_is_not_forwarded(self, world):
        call = world.incoming("550")
        world.timers.advance(2)
        world.exchange.hang_up(call, call.anchor)
        world.timers.advance(10)
        assert world.heard(IVR) == ["early", "confirmed", "terminated remote-bye"]
        assert world.heard(QUEUE) == []


class TestConference:
    def test_callers_are_connected_until_they_leave(self, world):
        one, two = world.incoming("600"), world.exchange.originate("10002", "600")
        world.timers.advance(3)
        assert world.heard(CONF) == ["early", "confirmed", "early", "confirmed"]
        assert len(world.exchange.dialogs(CONF)) == 2
        world.exchange.hang_up(one, one.anchor)
        world.exchange.hang_up(two, two.anchor)
        assert world.heard(CONF) == ["terminated remote-bye"] * 2


def test_an_operation_that_the_state_does_not_allow_is_rejected(world):
    call = world.incoming("1005")
    leg = call.ringing[0]
    world.timers.advance(2)
    with pytest.raises(StateError):
        world.exchange.answer(call, leg)


def test_one_operation_reports_a_leg_once(world):
    reports = []
    world.exchange.listen(reports.append)
    call = world.exchange.originate("10002", "1003")
    world.timers.advance(2)
    assert [len(legs) for legs in reports] == [1, 2]
    assert reports[1] == (call.legs[1], call.legs[0]) or reports[1] == (call.legs[0], call.legs[1])


def test_clear_ends_every_call(world):
    world.exchange.originate("10002", "1003")
    world.incoming("770")
    world.exchange.clear()
    assert world.exchange.calls == {}
    assert world.timers.pending == 0


def test_pace_makes_phones_faster():
    world = World()
    world.phones = Phones(world.directory, world.timers, pace=0.5)
    exchange = Exchange(world.directory, world.timers.now, world.phones)
    call = exchange.originate("10002", "442036427900")
    world.timers.advance(2)
    assert call.state == "CONNECTED"


def test_sides_are_the_own_leg_and_the_other_one(world):
    outbound = world.exchange.originate("10002", "1003")
    assert outbound.sides() == (outbound.anchor, None)
    world.timers.advance(2)
    assert outbound.sides() == (outbound.legs[0], outbound.legs[1])
    inbound = world.incoming("770")
    world.exchange.answer(inbound, world.leg(inbound, BEN))
    assert inbound.sides() == (world.leg(inbound, BEN), inbound.anchor)
