"""The states of a subscription as a table (RFC 6665 §4.1), from the subscriber's side."""

from __future__ import annotations

from enum import auto

from pycti.common.machine import Symbol, Table, stay


class State(Symbol):
    """The states of a subscription."""

    IDLE = auto()
    SUBSCRIBING = auto()
    NOTIFY_WAIT = auto()
    ACTIVE = auto()
    REFRESHING = auto()
    WAITING = auto()
    LEAVING = auto()
    ENDED = auto()


class Input(Symbol):
    """The inputs of a subscription."""

    START = auto()
    LOST = auto()
    ACCEPTED = auto()
    AGAIN = auto()
    NOTIFIED = auto()
    GAP = auto()
    RESTART = auto()
    LATER = auto()
    REFUSED = auto()
    DUE = auto()
    STOP = auto()


class Effect(Symbol):
    """The effects of a transition."""

    SEND_INITIAL = auto()
    SEND_REFRESH = auto()
    SEND_AGAIN = auto()
    SEND_LEAVE = auto()
    ACCEPT = auto()
    WAIT = auto()
    FAIL = auto()
    REFUSE = auto()
    FORGET = auto()


def _table() -> Table[State, Input, Effect]:
    s, i, e = State, Input, Effect
    table: dict[tuple[State, Input], tuple[State, tuple[Effect, ...]]] = {}
    # These inputs can arrive late, out of order or twice on a real network; they change nothing.
    table |= stay(s, (i.START, i.ACCEPTED, i.AGAIN, i.NOTIFIED, i.GAP, i.DUE))
    table |= stay((s.IDLE, s.ENDED), i)
    # A lost connection, a refusal and a stop end the subscription in every live state.
    for state in (s.SUBSCRIBING, s.NOTIFY_WAIT, s.ACTIVE, s.REFRESHING, s.WAITING):
        table[state, i.LOST] = (s.IDLE, (e.FORGET,))
        table[state, i.REFUSED] = (s.ENDED, (e.REFUSE, e.FORGET))
        table[state, i.LATER] = (s.WAITING, (e.WAIT,))
        table[state, i.STOP] = (s.LEAVING, (e.SEND_LEAVE,))
        # RFC 6665 §4.1.2.2: 481 means that the server has lost the subscription; make a new one.
        table[state, i.RESTART] = (s.SUBSCRIBING, (e.SEND_INITIAL,))
    table |= {
        (s.IDLE, i.START): (s.SUBSCRIBING, (e.SEND_INITIAL,)),
        (s.IDLE, i.STOP): (s.ENDED, ()),
        (s.SUBSCRIBING, i.ACCEPTED): (s.NOTIFY_WAIT, (e.ACCEPT,)),
        (s.SUBSCRIBING, i.AGAIN): (s.SUBSCRIBING, (e.SEND_AGAIN,)),
        # RFC 6665 §4.1.2.4: a NOTIFY may arrive before the 200 and implies acceptance.
        (s.SUBSCRIBING, i.NOTIFIED): (s.ACTIVE, (e.ACCEPT,)),
        (s.SUBSCRIBING, i.LATER): (s.WAITING, (e.WAIT, e.FAIL)),
        # There is no dialog yet to unsubscribe in: later NOTIFYs get 481, which ends it.
        (s.SUBSCRIBING, i.STOP): (s.ENDED, (e.FORGET,)),
        (s.NOTIFY_WAIT, i.NOTIFIED): (s.ACTIVE, ()),
        (s.NOTIFY_WAIT, i.DUE): (s.SUBSCRIBING, (e.SEND_INITIAL,)),
        (s.ACTIVE, i.DUE): (s.REFRESHING, (e.SEND_REFRESH,)),
        # RFC 4235 §3.7.2: the server answers a refresh with the full state.
        (s.ACTIVE, i.GAP): (s.REFRESHING, (e.SEND_REFRESH,)),
        (s.REFRESHING, i.ACCEPTED): (s.ACTIVE, ()),
        (s.REFRESHING, i.AGAIN): (s.REFRESHING, (e.SEND_AGAIN,)),
        (s.WAITING, i.DUE): (s.SUBSCRIBING, (e.SEND_INITIAL,)),
        (s.WAITING, i.RESTART): (s.WAITING, ()),
        (s.WAITING, i.LATER): (s.WAITING, ()),
        (s.WAITING, i.STOP): (s.ENDED, (e.FORGET,)),
        (s.LEAVING, i.AGAIN): (s.LEAVING, (e.SEND_AGAIN,)),
        (s.LEAVING, i.STOP): (s.LEAVING, ()),
    }
    for event in (i.LOST, i.RESTART, i.LATER, i.REFUSED, i.DUE):
        table[s.LEAVING, event] = (s.ENDED, (e.FORGET,))
    return table


TABLE = _table()

# RFC 6665 §4.1.3: how to react to the reason of a terminated subscription.
REASONS = {
    "deactivated": Input.RESTART,
    "timeout": Input.RESTART,
    "probation": Input.LATER,
    "giveup": Input.LATER,
    "rejected": Input.REFUSED,
    "noresource": Input.REFUSED,
    "invariant": Input.REFUSED,
}
