"""The reports of the exchange about holds and transfers, with a manual clock."""

from __future__ import annotations

import pytest

from pycti.errors import ApiError
from pycti.pbx.legs import Call

from .office import ANNA, BEN, CALLER, QUEUE, World


class TestHold:
    def test_both_sides_are_on_hold_until_the_holder_resumes(self, world):
        call = world.exchange.originate("10002", "1005")
        world.timers.advance(4)
        world.heard(ANNA), world.heard("user:10005")
        world.exchange.hold(call, call.anchor)
        assert world.heard(ANNA) == world.heard("user:10005") == ["held"]
        world.exchange.resume(call, call.anchor)
        assert world.heard(ANNA) == world.heard("user:10005") == ["confirmed"]

    def test_if_both_hold_both_must_resume(self, world):
        call = world.exchange.originate("10002", "1005")
        world.timers.advance(4)
        carla = world.leg(call, "user:10005")
        world.exchange.hold(call, call.anchor)
        world.exchange.hold(call, carla)
        world.exchange.resume(call, call.anchor)
        assert call.state == "ON_HOLD"
        world.exchange.resume(call, carla)
        assert call.state == "CONNECTED"

    def test_a_held_call_can_end(self, world):
        call = world.exchange.originate("10002", "1005")
        world.timers.advance(4)
        world.exchange.hold(call, call.anchor)
        world.exchange.hang_up(call, call.anchor)
        assert world.heard(ANNA)[-1] == "terminated local-bye"

    def test_only_a_connected_call_can_be_held(self, world):
        call = world.incoming("1002")
        with pytest.raises(ApiError, match="connected"):
            world.exchange.hold(call, world.leg(call, ANNA))

    def test_only_a_held_call_can_be_resumed(self, world):
        call = world.incoming("1002")
        with pytest.raises(ApiError, match="not on hold"):
            world.exchange.resume(call, world.leg(call, ANNA))

    def test_a_held_call_cannot_be_held_again(self, world):
        call = world.incoming("1005")
        world.timers.advance(2)
        world.exchange.hold(call, world.leg(call, "user:10005"))
        with pytest.raises(ApiError, match="connected"):
            world.exchange.hold(call, world.leg(call, "user:10005"))


class TestOnePhone:
    """A phone has one active call at a time: it puts the previous one on hold."""

    def second(self, world: World) -> tuple[Call, Call]:
        first = world.incoming("1002")
        world.exchange.answer(first, world.leg(first, ANNA))
        world.heard(ANNA)
        return first, world.incoming("1002")

    def test_answering_a_second_call_holds_the_first(self, world):
        first, second = self.second(world)
        assert (first.state, second.state) == ("CONNECTED", "RINGING")
        world.exchange.answer(second, world.leg(second, ANNA))
        assert (first.state, second.state) == ("ON_HOLD", "CONNECTED")
        assert world.heard(ANNA) == ["early", "held", "confirmed"]

    def test_resuming_the_first_holds_the_second(self, world):
        first, second = self.second(world)
        world.exchange.answer(second, world.leg(second, ANNA))
        world.exchange.resume(first, world.leg(first, ANNA))
        assert (first.state, second.state) == ("CONNECTED", "ON_HOLD")

    def test_a_held_call_stays_on_hold(self, world):
        first, second = self.second(world)
        world.exchange.hold(first, world.leg(first, ANNA))
        world.exchange.answer(second, world.leg(second, ANNA))
        assert (first.state, second.state) == ("ON_HOLD", "CONNECTED")

    def test_a_click_to_call_holds_the_present_call(self, world):
        first, second = self.second(world)
        world.exchange.reject(second, world.leg(second, ANNA))
        third = world.exchange.originate("10002", "442036427900")
        assert first.state == "CONNECTED"
        world.exchange.answer(third, third.anchor)
        assert first.state == "ON_HOLD"
        world.timers.advance(4)
        assert (first.state, third.state) == ("ON_HOLD", "CONNECTED")

    def test_a_call_is_held_if_its_caller_is_in_another_call(self, world):
        placed = world.exchange.originate("10002", "442036427900")
        world.exchange.answer(placed, placed.anchor)
        came = world.incoming("1002")
        world.exchange.answer(came, world.leg(came, ANNA))
        world.timers.advance(4)
        assert (placed.state, came.state) == ("ON_HOLD", "CONNECTED")

    def test_calls_of_other_parties_are_not_held(self, world):
        first, second = self.second(world)
        third = world.incoming("1003")
        world.exchange.answer(third, world.leg(third, BEN))
        assert (first.state, third.state) == ("CONNECTED", "CONNECTED")
        assert second.state == "RINGING"


class TestTransfer:
    def connected(self, world: World) -> Call:
        call = world.incoming("1002")
        world.exchange.answer(call, call.ringing[0])
        world.heard(ANNA)
        return call

    def test_a_transfer_ends_the_users_leg_and_rings_the_target(self, world):
        call = self.connected(world)
        world.exchange.transfer(call, world.leg(call, ANNA), "1005")
        assert world.heard(ANNA) == ["terminated replaced"]
        assert world.heard("user:10005") == ["early"]
        assert world.leg(call, "user:10005").remote == CALLER
        world.timers.advance(2)
        assert world.heard("user:10005") == ["confirmed"]
        assert call.leg_of("10002") is None

    def test_the_caller_can_transfer_too(self, world):
        call = world.exchange.originate("10002", "1003")
        world.timers.advance(2)
        world.exchange.answer(call, call.ringing[0])
        world.heard(ANNA), world.heard(BEN)
        world.exchange.transfer(call, call.anchor, "442036427900")
        assert world.heard(ANNA) == ["terminated replaced"]
        world.timers.advance(2)
        assert world.heard(BEN) == ["confirmed"]
        assert world.leg(call, BEN).remote.name == "Alex Morgan"
        world.exchange.hang_up(call, world.leg(call, BEN))
        assert world.heard(BEN) == ["terminated local-bye"]

    @pytest.mark.parametrize("target", ["1006", "1007", "1008", "442079460103"])
    def test_a_target_that_does_not_answer_ends_the_call(self, world, target):
        call = world.exchange.originate("10002", "1003")
        world.timers.advance(2)
        world.exchange.answer(call, call.ringing[0])
        world.exchange.transfer(call, call.anchor, target)
        world.timers.advance(60)
        assert world.heard(BEN)[-1] == "terminated remote-bye"
        assert world.exchange.calls == {}

    def test_a_held_call_is_resumed_when_the_target_answers(self, world):
        call = world.exchange.originate("10002", "1003")
        world.timers.advance(2)
        world.exchange.answer(call, call.ringing[0])
        world.exchange.hold(call, call.anchor)
        world.exchange.transfer(call, call.anchor, "1005")
        world.heard(BEN)
        world.timers.advance(2)
        assert world.heard(BEN) == ["confirmed"]

    def test_a_call_from_a_queue_leaves_the_queue(self, world):
        call = world.incoming("770")
        world.exchange.answer(call, world.leg(call, ANNA))
        world.heard(QUEUE)
        world.exchange.transfer(call, world.leg(call, ANNA), "1005")
        assert world.heard(QUEUE) == ["terminated replaced"]

    def test_a_transfer_to_a_queue(self, world):
        call = self.connected(world)
        world.exchange.transfer(call, world.leg(call, ANNA), "770")
        assert world.heard(QUEUE) == world.heard(BEN) == ["early"]

    def test_the_other_party_may_hang_up_during_a_transfer(self, world):
        call = self.connected(world)
        world.exchange.transfer(call, world.leg(call, ANNA), "1008")
        world.exchange.hang_up(call, call.anchor)
        assert world.heard("user:10008") == ["early", "terminated cancelled 487"]

    def test_only_a_connected_call_can_be_transferred(self, world):
        call = world.incoming("1002")
        with pytest.raises(ApiError, match="connected"):
            world.exchange.transfer(call, world.leg(call, ANNA), "1005")

    def test_a_transfer_to_oneself_is_rejected(self, world):
        call = self.connected(world)
        with pytest.raises(ApiError, match="yourself"):
            world.exchange.transfer(call, world.leg(call, ANNA), "1002")

    def test_a_transfer_of_a_caller_to_the_caller_is_rejected(self, world):
        call = self.connected(world)
        with pytest.raises(ApiError, match="own number"):
            world.exchange.transfer(call, world.leg(call, ANNA), "442036427900")

    def test_a_conference_cannot_be_transferred(self, world):
        call = world.exchange.originate("10002", "600")
        world.timers.advance(3)
        with pytest.raises(ApiError, match="person"):
            world.exchange.transfer(call, call.anchor, "1005")

    def test_a_bad_target_changes_nothing(self, world):
        call = self.connected(world)
        with pytest.raises(ApiError):
            world.exchange.transfer(call, world.leg(call, ANNA), "9999")
        assert call.state == "CONNECTED"
