"""Consultation, transfer, deflection, pickup, parking and tones. Time is moved by hand."""

from __future__ import annotations

import pytest

from pycti.errors import ApiError
from pycti.pbx.legs import Call, Leg
from pycti.pbx.phones import PARKED_FOR

from .office import ANNA, BEN, CALLER, QUEUE, World

CARLA = "user:10005"


def connected(world: World) -> tuple[Call, Leg]:
    """Alex has called Anna, who talks."""
    call = world.incoming("1002")
    anna = world.leg(call, ANNA)
    world.exchange.answer(call, anna)
    world.heard(ANNA)
    return call, anna


def consulted(world: World, whom: str = "1005", seconds: float = 2) -> tuple[Call, Leg, Call]:
    """Anna asks somebody during a call."""
    call, anna = connected(world)
    asking = world.exchange.consult(call, anna, whom)
    world.timers.advance(seconds)
    return call, anna, asking


class TestConsultation:
    def test_holds_the_call_and_rings_from_the_same_phone_at_once(self, world):
        call, anna = connected(world)
        asking = world.exchange.consult(call, anna, "1008")
        assert (call.state, asking.state) == ("ON_HOLD", "RINGING")
        assert world.heard(ANNA) == ["held", "early"]

    def test_is_connected_while_the_first_call_waits(self, world):
        call, _, asking = consulted(world)
        assert (call.state, asking.state) == ("ON_HOLD", "CONNECTED")
        assert call.heard_by(call.anchor) == []
        assert asking.heard_by(asking.anchor) == ["1005"]

    @pytest.mark.parametrize(
        "whom", ["1006", "1007", "1008", "442079460101", "442079460103", "442079460104"]
    )
    def test_a_refusal_resumes_the_first_call(self, world, whom):
        call, anna, _ = consulted(world, whom, 40)
        assert call.state == "CONNECTED"
        assert list(world.exchange.calls.values()) == [call]
        assert call.heard_by(anna) == [CALLER.number]

    def test_so_does_giving_it_up_before_it_is_answered(self, world):
        call, _, asking = consulted(world, "1008")
        world.exchange.hang_up(asking, asking.anchor)
        assert call.state == "CONNECTED"

    def test_once_it_was_connected_the_first_call_stays_on_hold(self, world):
        call, _, asking = consulted(world)
        world.exchange.hang_up(asking, world.leg(asking, CARLA))
        assert call.state == "ON_HOLD"

    def test_a_caller_who_hangs_up_meanwhile_is_gone(self, world):
        call, _, asking = consulted(world)
        world.exchange.hang_up(call, call.anchor)
        assert asking.state == "CONNECTED"
        world.exchange.hang_up(asking, asking.anchor)
        assert world.exchange.calls == {}

    def test_a_phone_that_has_answered_something_else_does_not_resume(self, world):
        world.phones.configure("10002", lines=3)
        call, _, asking = consulted(world, "1008")
        other = world.incoming("1002")
        world.exchange.answer(other, world.leg(other, ANNA))
        world.exchange.hang_up(asking, asking.anchor)
        assert (call.state, other.state) == ("ON_HOLD", "CONNECTED")

    def test_needs_a_connected_call(self, world):
        call = world.incoming("1002")
        with pytest.raises(ApiError, match="connected"):
            world.exchange.consult(call, world.leg(call, ANNA), "1005")

    def test_needs_a_line(self, world):
        call, anna = connected(world)
        world.incoming("1002")
        with pytest.raises(ApiError, match="line"):
            world.exchange.consult(call, anna, "1005")
        assert call.state == "CONNECTED"

    @pytest.mark.parametrize("whom", ["1002", "9999", "701"])
    def test_a_bad_number_changes_nothing(self, world, whom):
        call, anna = connected(world)
        with pytest.raises(ApiError):
            world.exchange.consult(call, anna, whom)
        assert call.state == "CONNECTED"


class TestTransfer:
    def test_connects_the_other_two_and_both_calls_of_the_phone_end(self, world):
        call, anna, asking = consulted(world)
        world.heard(ANNA)
        carla = world.leg(asking, CARLA)
        known = carla.known_as
        world.exchange.complete(call, anna, asking.id)
        assert sorted(world.heard(ANNA)) == ["terminated replaced"] * 2
        assert list(world.exchange.calls.values()) == [call]
        assert (call.state, carla.state) == ("CONNECTED", "confirmed")
        assert (call.anchor.remote.number, carla.remote) == ("1005", CALLER)
        assert call.heard_by(carla) == [CALLER.number]
        # Carla goes on with the dialog and the id that she knows.
        assert carla.known_as == known == asking.id
        assert world.exchange.call_of("10005", known) == (call, carla)
        assert world.exchange.call(known) is call

    def test_from_the_consulted_call_it_is_the_same(self, world):
        call, _, asking = consulted(world)
        world.exchange.complete(asking, asking.anchor, call.id)
        assert world.exchange.calls == {asking.id: asking}
        assert {leg.party.number for leg in asking.live} == {CALLER.number, "1005"}

    def test_either_side_can_end_what_was_connected(self, world):
        call, anna, asking = consulted(world)
        world.exchange.complete(call, anna, asking.id)
        world.exchange.hang_up(call, world.leg(call, CARLA))
        assert world.exchange.calls == {}
        assert world.heard(CARLA)[-1] == "terminated local-bye"

    def test_somebody_outside_goes_on_as_before(self, world):
        call, anna, asking = consulted(world, "442079460106")
        world.exchange.complete(call, anna, asking.id)
        world.timers.advance(6)
        assert world.exchange.calls == {}

    def test_who_holds_the_call_himself_still_does(self, world):
        call, anna, asking = consulted(world)
        world.exchange.hold(asking, world.leg(asking, CARLA))
        world.exchange.complete(call, anna, asking.id)
        assert call.state == "ON_HOLD"
        world.exchange.resume(call, world.leg(call, CARLA))
        assert call.state == "CONNECTED"

    def test_needs_two_connected_calls_of_the_phone(self, world):
        call, anna, asking = consulted(world, "1008")
        with pytest.raises(ApiError, match="connected"):
            world.exchange.complete(call, anna, asking.id)
        with pytest.raises(ApiError, match="itself"):
            world.exchange.complete(call, anna, call.id)
        other = world.incoming("1003")
        with pytest.raises(ApiError, match="No such call"):
            world.exchange.complete(call, anna, other.id)
        assert call.state == "ON_HOLD"

    def test_nobody_is_connected_to_himself(self, world):
        call, anna, asking = consulted(world, "442036427900")
        with pytest.raises(ApiError, match="own number"):
            world.exchange.complete(call, anna, asking.id)


class TestDeflection:
    def test_the_target_rings_instead(self, world):
        call = world.incoming("1002")
        world.heard(ANNA)
        world.exchange.deflect(call, world.leg(call, ANNA), "1005")
        assert world.heard(ANNA) == ["terminated replaced"]
        world.timers.advance(2)
        assert world.heard(CARLA) == ["early", "confirmed"]

    def test_a_call_of_a_queue_leaves_the_queue(self, world):
        call = world.incoming("770")
        world.heard(QUEUE), world.heard(BEN)
        world.exchange.deflect(call, world.leg(call, ANNA), "1005")
        assert world.heard(QUEUE) == world.heard(BEN) == ["terminated cancelled 487"]

    def test_only_what_rings_for_the_user(self, world):
        call, anna = connected(world)
        with pytest.raises(ApiError, match="rings"):
            world.exchange.deflect(call, anna, "1005")
        placed = world.exchange.originate("10003", "1005")
        with pytest.raises(ApiError, match="rings"):
            world.exchange.deflect(placed, placed.anchor, "1008")

    @pytest.mark.parametrize("target", ["1002", "442036427900", "9999"])
    def test_a_bad_target_changes_nothing(self, world, target):
        call = world.incoming("1002")
        with pytest.raises(ApiError):
            world.exchange.deflect(call, world.leg(call, ANNA), target)
        assert world.leg(call, ANNA).state == "early"


class TestPickup:
    def test_the_call_is_at_the_own_phone_and_was_not_missed_at_the_other(self, world):
        call = world.incoming("1003")
        own = world.exchange.pick_up("10002", call.id)
        assert (own.state, call.state) == ("confirmed", "CONNECTED")
        assert world.heard(BEN) == ["early", "terminated cancelled 200"]
        assert call.anchor.remote.number == "1002"

    def test_holds_what_the_phone_was_in(self, world):
        first, _ = connected(world)
        call = world.incoming("1003")
        world.exchange.pick_up("10002", call.id)
        assert (first.state, call.state) == ("ON_HOLD", "CONNECTED")

    def test_a_queue_has_been_answered(self, world):
        call = world.incoming("770")
        world.exchange.reject(call, world.leg(call, ANNA))
        world.heard(QUEUE)
        world.exchange.pick_up("10004", call.id)
        assert world.heard(QUEUE) == ["confirmed"]

    @pytest.mark.parametrize("user", ["10002", "10003"])
    def test_only_what_rings_at_another_phone(self, world, user):
        call = world.incoming("1003")
        world.exchange.answer(call, world.leg(call, BEN))
        with pytest.raises(ApiError, match="colleague"):
            world.exchange.pick_up(user, call.id)

    def test_not_the_own_phone_of_a_caller(self, world):
        call = world.exchange.originate("10003", "1005")
        with pytest.raises(ApiError, match="colleague"):
            world.exchange.pick_up("10002", call.id)

    def test_needs_a_call_and_a_phone(self, world):
        with pytest.raises(ApiError, match="No such call"):
            world.exchange.pick_up("10002", "1")
        call = world.incoming("1003")
        world.phones.configure("10002", registered=False)
        with pytest.raises(ApiError, match="VoIP"):
            world.exchange.pick_up("10002", call.id)


class TestParking:
    def parked(self, world: World) -> tuple[Call, str]:
        call, anna = connected(world)
        return call, world.exchange.park(call, anna)

    def test_the_caller_waits_in_a_slot_and_hears_nothing(self, world):
        call, slot = self.parked(world)
        assert slot == "701"
        assert world.heard(ANNA) == ["terminated replaced"]
        assert (call.state, call.heard_by(call.anchor)) == ("ON_HOLD", [])

    def test_whoever_dials_the_slot_gets_the_caller(self, world):
        _, slot = self.parked(world)
        fetched = world.exchange.originate("10003", slot)
        world.timers.advance(2)
        assert list(world.exchange.calls.values()) == [fetched]
        assert fetched.state == "CONNECTED"
        assert fetched.anchor.remote == CALLER
        assert fetched.heard_by(fetched.anchor) == [CALLER.number]
        assert world.exchange.parked == {}
        world.exchange.hang_up(fetched, fetched.anchor)
        assert world.exchange.calls == {}
        world.timers.advance(PARKED_FOR)
        assert world.timers.pending == 0

    def test_a_call_can_be_passed_on_into_a_slot(self, world):
        _, slot = self.parked(world)
        call = world.incoming("1003")
        world.exchange.answer(call, world.leg(call, BEN))
        world.exchange.transfer(call, world.leg(call, BEN), slot)
        assert call.state == "CONNECTED"

    def test_who_comes_second_finds_nobody(self, world):
        _, slot = self.parked(world)
        first, second = (world.exchange.originate(user, slot) for user in ("10003", "10004"))
        world.timers.advance(2)
        assert list(world.exchange.calls.values()) == [first]
        assert (second.anchor.event, second.anchor.code) == ("rejected", 404)

    def test_an_empty_slot_cannot_be_dialled(self, world):
        with pytest.raises(ApiError, match="No call is parked at 701"):
            world.exchange.originate("10002", "701")

    def test_a_caller_who_gives_up_frees_the_slot(self, world):
        call, slot = self.parked(world)
        world.exchange.hang_up(call, call.anchor)
        assert world.exchange.parked == {}
        assert self.parked(world)[1] == slot

    def test_a_call_that_nobody_fetches_rings_again_at_who_parked_it(self, world):
        call, _ = self.parked(world)
        world.heard(ANNA)
        world.timers.advance(PARKED_FOR)
        assert world.heard(ANNA) == ["early"]
        world.exchange.answer(call, world.leg(call, ANNA))
        assert call.state == "CONNECTED"

    def test_when_every_slot_is_taken_the_call_stays(self, world):
        for _ in world.directory.slots:
            self.parked(world)
        call, anna = connected(world)
        with pytest.raises(ApiError, match="slot"):
            world.exchange.park(call, anna)
        assert call.state == "CONNECTED"


class TestTones:
    def test_the_other_side_hears_them(self, world):
        call, anna = connected(world)
        world.exchange.send_digits(call, anna, "12#")
        world.exchange.send_digits(call, anna, "*")
        assert (call.anchor.digits, anna.digits) == ("12#*", "")

    def test_not_on_hold_and_not_while_it_rings(self, world):
        call = world.incoming("1002")
        with pytest.raises(ApiError, match="connected"):
            world.exchange.send_digits(call, world.leg(call, ANNA), "1")
        world.exchange.answer(call, world.leg(call, ANNA))
        world.exchange.hold(call, call.anchor)
        with pytest.raises(ApiError, match="hold"):
            world.exchange.send_digits(call, world.leg(call, ANNA), "1")


class TestLines:
    def test_a_third_caller_finds_the_phone_busy(self, world):
        connected(world)
        world.incoming("1002")
        third = world.exchange.originate("10003", "1002")
        world.timers.advance(3)
        assert (third.anchor.event, third.anchor.code) == ("rejected", 486)

    def test_a_phone_with_two_calls_cannot_place_a_third(self, world):
        connected(world)
        world.incoming("1002")
        with pytest.raises(ApiError, match="Every line"):
            world.exchange.originate("10002", "1003")

    def test_a_queue_leaves_out_who_has_no_line(self, world):
        connected(world)
        world.incoming("1002")
        call = world.incoming("770")
        assert [leg.party.node for leg in call.ringing] == [BEN]


@pytest.mark.parametrize("setting", [{"dnd": True}, {"registered": False}])
def test_how_a_phone_is_reached_is_told_when_it_changes(world, setting):
    told = []
    world.phones.on_change = told.append
    world.phones.configure("10002", **setting)
    world.phones.configure("10002", **setting)
    world.phones.configure("10002", ring_time=5)
    assert told == ["10002"]
    assert world.phones.device("10002") == ("dnd" if "dnd" in setting else "offline")
    world.phones.reset()
    assert told == ["10002", "10002"]
    assert world.phones.device("10002") == "online"
