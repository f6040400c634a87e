"""One subscription to the dialogs of one node (RFC 6665): refreshes, failures and restarts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pycti.common.machine import Machine
from pycti.errors import MessageError, SipError
from pycti.sip.dialog_info import Change, DialogView, Verdict
from pycti.sip.grammar import parse_number
from pycti.sip.identity import Identity
from pycti.sip.message import Request, Response
from pycti.sip.notification import Notification
from pycti.sip.reports import Accepted, DialogsChanged, Failed, Report
from pycti.sip.subscription_dialog import NO_DIALOG, SubscriptionDialog
from pycti.sip.subscription_states import REASONS, TABLE, Effect, Input, State
from pycti.sip.transaction import TIMER_F

EXPIRES = 300
"""The expiry to request, in seconds; the server's answer decides."""

TIMER_N = TIMER_F
"""RFC 6665 §4.1.2.4: how long an accepted SUBSCRIBE waits for its first NOTIFY, in seconds."""

RESTART_PAUSE = 5.0
LONGEST_PAUSE = 30.0
LONGEST_RETRY_AFTER = 3600

LONGER = (600, 3600)
"""The expiries to try, in seconds, if a server requires a longer one without naming it."""

_SECONDS = re.compile("[0-9]{1,10}")


@dataclass(slots=True, eq=False)
class Subscription:
    """Follows the dialogs of ``node`` at ``uri``.

    Every method takes ``now`` in seconds. The owner empties ``outgoing`` and ``reports``, and calls
    `tick` at ``deadline``.
    """

    node: str
    uri: str
    identity: Identity
    expires: int = EXPIRES
    outgoing: list[Request] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    deadline: float | None = None
    dialog: SubscriptionDialog = field(default_factory=lambda: NO_DIALOG)
    view: DialogView = field(default_factory=DialogView)
    _machine: Machine[State, Input, Effect] = field(
        default_factory=lambda: Machine(TABLE, State.IDLE)
    )
    _granted: int = 0
    _started: float = 0.0
    _refetched: float = float("-inf")
    # Whether the full state must be fetched.
    _wanted: bool = False
    # Whether a refresh was accepted, so that the next NOTIFY answers it.
    _answered: bool = False
    # When the next refresh is due, and a deadline before it, if there is one.
    _due: float | None = None
    _soon: float | None = None
    # When the last NOTIFY arrived that was not older than the one before it.
    _heard: float = float("-inf")
    _challenges: int = 0
    _failures: int = 0
    _pause: float = 0.0
    _failure: tuple[int, str, str] = (0, "", "")

    @property
    def state(self) -> State:
        """The present state."""
        return self._machine.state

    @property
    def key(self) -> tuple[str, str] | None:
        """The Call-ID and tag that identify a NOTIFY of this subscription (RFC 6665 §4.4.1)."""
        dialog = self.dialog
        return (dialog.call_id, dialog.local_tag) if dialog is not NO_DIALOG else None

    def start(self, now: float) -> None:
        """Subscribe: the connection is open."""
        self._feed(Input.START, now)

    def lost(self, now: float) -> None:
        """Forget the dialog and all pending requests: the connection is lost."""
        self._feed(Input.LOST, now)

    def stop(self, now: float) -> None:
        """Unsubscribe."""
        self._feed(Input.STOP, now)

    def tick(self, now: float) -> None:
        """Do what is due at ``now``."""
        if self.deadline is not None and self.deadline <= now:
            soon, self.deadline = self._soon, None
            # RFC 6665 §4.2.1.2: a NOTIFY follows an accepted refresh. If none arrived, a new
            # subscription fetches the state.
            overdue = self._answered and soon is not None and soon <= now
            self._feed(Input.RESTART if overdue else Input.DUE, now)

    def refetch(self, now: float) -> None:
        """Fetch the full state, and check that the server still has the subscription."""
        self._feed(Input.GAP, now)

    def timed_out(self, request: Request, now: float) -> None:
        """Handle a SUBSCRIBE that got no final response before Timer F fired."""
        if self._is_last(request):
            self._fail(Input.LATER, 408, "no answer from the SIP server", now)

    def receive_response(self, request: Request, response: Response, now: float) -> None:
        """Process the final response to a SUBSCRIBE.

        Raises:
            MessageError: it is malformed. The subscription is retried later.
        """
        if not self._is_last(request):
            return  # It belongs to a dialog that has been abandoned.
        try:
            self._receive(request, response, now)
        except MessageError as error:
            self._fail(Input.LATER, response.status, error.message, now)
            raise

    def _is_last(self, request: Request) -> bool:
        return self.dialog.sent_last(request)

    def _receive(self, request: Request, response: Response, now: float) -> None:
        status, reason = response.status, response.reason
        if status < 300:
            if self._genuine(request, response):
                self._accept(response, now)
            else:
                words = "the server did not prove that it knows the password"
                self._fail(Input.REFUSED, status, words, now, "AUTH_DOWNGRADE")
        elif status in (401, 407):
            self._authenticate(response, now)
        elif status == 423:
            self._lengthen(response, now)
        elif status == 481:
            self._fail(self._restart(now), status, reason, now)
        elif status in (408, 480) or 500 <= status < 600:
            after = _SECONDS.match(response.headers.get("Retry-After") or "")
            self._pause = float(min(int(after[0]), LONGEST_RETRY_AFTER)) if after else 0.0
            self._fail(Input.LATER, status, reason, now)
        else:
            self._fail(Input.REFUSED, status, reason, now)

    def receive_notify(self, notification: Notification, now: float) -> int:
        """Process a NOTIFY of this subscription and return the status of its response."""
        dialog = self.dialog
        tag = notification.remote_tag
        if dialog.remote_tag and tag != dialog.remote_tag:
            return 481
        if notification.cseq <= dialog.remote_cseq:
            # RFC 3261 §12.2.2 requires 500. Servers with several processes send out of order, and
            # some end the subscription after a 500, so accept the NOTIFY and ignore it.
            if notification.cseq < dialog.remote_cseq and now > self._heard + TIMER_F:
                # No request takes that long: the server has restarted its CSeq. Without a new
                # subscription every NOTIFY would be ignored from now on.
                self._feed(self._restart(now), now)
            return 200
        self._heard = now
        dialog.learn_from_notify(notification)
        if notification.state == "terminated":
            if notification.info is not None:
                self._report(self.view.apply(notification.info))
            self._ended_by_server(notification, now)
        else:
            self._notified(notification, now)
        return 200

    def _notified(self, notification: Notification, now: float) -> None:
        before = self.state
        self._feed(Input.NOTIFIED, now)
        fetched = self._answered and (
            notification.info is not None or notification.state == "active"
        )
        if fetched:
            self._answered, self._soon, self.deadline = False, None, self._due
        if self.state is State.ACTIVE and (notification.expires or before is not State.ACTIVE):
            # RFC 6665 §4.1.2.2: the notifier may shorten the time that its response granted. A
            # NOTIFY without expires does not extend it.
            self._grant(notification.expires or self._granted, now)
        if notification.info is not None:
            self._apply(self.view.apply(notification.info, fetched=fetched), now)
        elif notification.state == "active":
            self._apply(self.view.clear(fetched=fetched), now)

    def _apply(self, change: Change, now: float) -> None:
        if change.verdict in (Verdict.GAP, Verdict.DOUBTED):
            self._wanted = True
            self._refetch(now)
        elif change.present is not None:
            self._wanted = False
        self._report(change)

    def _refetch(self, now: float) -> None:
        """Fetch the full state, but not in a tight loop if the server never sends it."""
        if now >= self._refetched + RESTART_PAUSE:
            self._refetched = now
            self._feed(Input.GAP, now)
        elif self.state is State.ACTIVE:
            self._hurry(self._refetched + RESTART_PAUSE)

    def _hurry(self, due: float) -> None:
        self._soon = due
        self.deadline = due if self.deadline is None else min(due, self.deadline)

    def _report(self, change: Change) -> None:
        relevant = change.updated or change.present is not None or change.device is not None
        applied = change.verdict in (Verdict.APPLIED, Verdict.DOUBTED)
        if applied and relevant and self.state is not State.LEAVING:
            self.reports.append(DialogsChanged(self.node, change))

    def _ended_by_server(self, notification: Notification, now: float) -> None:
        reason = notification.reason
        verdict = REASONS.get(reason, Input.RESTART)
        self._pause = float(min(notification.retry_after, LONGEST_RETRY_AFTER))
        if reason not in REASONS and notification.retry_after:
            verdict = Input.LATER  # RFC 6665 §4.1.3: wait for retry-after, for any reason.
        elif verdict is Input.RESTART:
            verdict = self._restart(now)
        self._fail(verdict, 0, f"subscription ended by the server: {reason or 'no reason'}", now)

    def _restart(self, now: float) -> Input:
        # Do not subscribe in a tight loop if a server ends each new subscription at once.
        return Input.RESTART if now - self._started > RESTART_PAUSE else Input.LATER

    def _fail(
        self, event: Input, status: int, reason: str, now: float, code: str = "SIP_ERROR"
    ) -> None:
        self._failure = (status, reason, code)
        self._feed(event, now)

    def _accept(self, response: Response, now: float) -> None:
        dialog = self.dialog
        if self.state is State.LEAVING:
            return
        headers = response.headers
        granted = headers.get("Expires")
        expires = parse_number(granted, "Expires") if granted else self.expires
        dialog.learn_from_response(response)
        if expires == 0:
            self._fail(Input.LATER, response.status, "the server granted no time", now)
            return
        self._challenges = self._failures = 0
        refreshed = self.state is State.REFRESHING
        self._feed(Input.ACCEPTED, now)
        if self.state is State.NOTIFY_WAIT:
            self._granted = expires
            self.deadline = now + TIMER_N
        elif self.state is State.ACTIVE:
            self._grant(expires, now)
            if refreshed:
                self._answered = True
                if self._wanted:
                    self._hurry(now + RESTART_PAUSE)

    def _grant(self, expires: int, now: float) -> None:
        self._granted = expires
        if expires:
            # Refresh early enough for Timer F to fire before the subscription expires.
            due = self._due = now + max(expires - TIMER_F, expires / 2)
            self.deadline = due if self._soon is None else min(due, self._soon)

    def _authenticate(self, response: Response, now: float) -> None:
        proxy = response.status == 407
        name = "Proxy-Authenticate" if proxy else "WWW-Authenticate"
        self._challenges += 1
        try:
            self.identity.digest.challenged(response.headers.get_all(name), proxy)
            # RFC 3261 §22.1: do not send rejected credentials again, unless only the nonce was
            # stale.
            allowed = 2 if self.identity.digest.stale else 1
            if self._challenges > allowed:
                raise SipError(response.status, response.reason)
        except SipError as error:
            self._fail(Input.REFUSED, response.status, error.message, now, error.code)
            return
        self._feed(Input.AGAIN, now)

    def _genuine(self, request: Request, response: Response) -> bool:
        info = response.headers.get("Authentication-Info")
        if info is None:
            return True
        digest = self.identity.digest
        return digest.proves(info, request.headers.get(digest.header) or "", response.body)

    def _lengthen(self, response: Response, now: float) -> None:
        minimum = _SECONDS.match(response.headers.get("Min-Expires") or "")
        if minimum is None:
            # RFC 3261 §21.4.17 requires Min-Expires; Asterisk, for example, omits it.
            longer = next((each for each in LONGER if each > self.expires), 0)
        else:
            longer = int(minimum[0])
        if longer <= self.expires:
            words = (
                response.reason
                if minimum
                else (
                    f"{response.reason}: the server requires more than {self.expires} s"
                    " but sends no Min-Expires"
                )
            )
            self._fail(Input.REFUSED, 423, words, now)
            return
        self.expires = longer
        self._feed(Input.AGAIN, now)

    def _feed(self, event: Input, now: float) -> None:
        for effect in self._machine.feed(event):
            self._perform(effect, now)

    def _perform(self, effect: Effect, now: float) -> None:
        status, reason, code = self._failure
        match effect:
            case Effect.SEND_INITIAL:
                self.view.renew()
                self._started, self._granted, self.deadline = now, 0, None
                self._wanted = self._answered = False
                self._soon = None
                self.dialog = SubscriptionDialog(*self.identity.new_dialog())
                self._send(self.expires)
            case Effect.SEND_REFRESH:
                self.deadline = self._soon = None
                self._answered = False
                self._send(self.expires)
            case Effect.SEND_AGAIN:
                self._send(0 if self.state is State.LEAVING else self.expires)
            case Effect.SEND_LEAVE:
                self.deadline = now + TIMER_N
                self._send(0)
            case Effect.ACCEPT:
                self.reports.append(Accepted(self.node))
            case Effect.WAIT:
                self._failures = min(self._failures + 1, 5)
                pause = min(LONGEST_PAUSE, 2.0**self._failures) * self.identity.chance()
                self.deadline, self._soon = now + (self._pause or 1.0 + pause), None
                self._pause = 0.0
                self._challenges = 0
            case Effect.FAIL:
                self.reports.append(Failed(self.node, status, reason, True, code))
            case Effect.REFUSE:
                self.reports.append(Failed(self.node, status, reason, False, code))
            case _:
                self.dialog, self.deadline, self._challenges = NO_DIALOG, None, 0
                self._soon = None

    def _send(self, expires: int) -> None:
        self.outgoing.append(self.dialog.request(self.identity, self.uri, expires))
