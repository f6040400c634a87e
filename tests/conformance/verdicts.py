"""The requirements of RFC 4475 for its 49 messages, and the results of this user agent.

The user agent follows calls: it is a UAS only for NOTIFY and OPTIONS, on a WebSocket, where a
malformed message closes no connection. RFC 3261 §8.2.1 checks the method first, so every other
well-formed request gets 405, even if RFC 4475 expects 406, 415 or 420 from a phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

DROPPED = 0
"""No answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One message. ``reads`` are its values if it is well formed, or ``None`` if it is rejected.

    The keys of ``reads`` are ``method``, ``uri``, ``status``, ``reason``, ``body`` (its size), a
    header's name, or an address header and a property of it (``From.tag``). ``answer`` is the
    status of the response, ``with_`` a header of that response.
    """

    name: str
    section: str
    why: str
    answer: int
    reads: dict[str, object] | None = None
    with_: dict[str, str] = field(default_factory=dict)


ALLOWED = {"Allow": "NOTIFY, OPTIONS"}

VALID = (
    Verdict(
        "wsinv", "3.1.1.1", "folding, blanks and odd case are all legal; INVITE is not served", 405,
        {
            "method": "INVITE",
            "uri": "sip:vivekg@chair-dnrc.example.com;unknownparam",
            "To.tag": "1918181833n",
            "To.display_name": "",
            "From.display_name": 'J Rosenberg \\"',
            "From.tag": "98asjd8",
            "Max-Forwards": "0068",
            "CSeq": "9 INVITE",
            "Via": [
                "SIP/2.0/UDP 192.0.2.2;branch=390skdjuw",
                "SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8",
                "SIP/2.0/UDP 192.168.255.111;branch=z9hG4bK30239",
            ],
            "Subject": "",
            "NewFangledHeader": "newfangled value continued newfangled value",
            "UnknownHeaderWithUnusualValue": ";;,,;;,;",
            "Route": "<sip:services.example.com;lr;unknownwith=value;unknown-no-value>",
            "Contact.display_name": 'Quoted string ""',
            "Contact.params": {"newparam": "newvalue", "secondparam": None, "q": "0.33"},
            "body": 150,
        },
        ALLOWED,
    ),
    Verdict(
        "intmeth", "3.1.1.2",
        "every character is legal, but the quoted NUL in To is rejected here: a response would "
        "have to contain it, and NUL is never sent (another test parses the rest of the message)",
        DROPPED,
    ),
    Verdict(
        "esc01", "3.1.1.3", "escapes are legal and are not decoded", 405,
        {
            "method": "INVITE",
            "uri": "sip:sips%3Auser%40example.com@example.net",
            "To.uri": "sip:%75se%72@example.com",
            "From.uri": "sip:I%20have%20spaces@example.net",
            "Contact.uri": "sip:cal%6Cer@host5.example.net;%6c%72;n%61me=v%61lue%25%34%31",
            "body": 150,
        },
    ),
    Verdict(
        "escnull", "3.1.1.4", "an escaped NUL is no NUL; both contacts are parsed", 405,
        {
            "method": "REGISTER",
            "To.uri": "sip:null-%00-null@example.com",
            "Contacts": ["<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>"],
        },
    ),
    Verdict(
        "esc02", "3.1.1.5", "% is no escape in a method, a display name or a header name", 405,
        {
            "method": "RE%47IST%45R",
            "uri": "sip:registrar.example.com",
            "To.display_name": "%Z%45",
            "Via": ["SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234"],
            "CSeq": "29344 RE%47IST%45R",
            "Contacts": ["<sip:alias1@host1.example.com>", "<sip:alias3@host3.example.com>"],
            "C%6Fntact": "<sip:alias2@host2.example.com>",
        },
    ),
    Verdict(
        "lwsdisp", "3.1.1.6", "no blank is needed between a display name and <", 200,
        {
            "method": "OPTIONS",
            "From.display_name": "caller",
            "From.uri": "sip:caller@example.com",
            "From.tag": "323",
        },
        ALLOWED,
    ),
    Verdict(
        "longreq", "3.1.1.7", "long values are legal", 405,
        {
            "method": "INVITE",
            "uri": "sip:user@example.com",
            "To.display_name": f"I have a user name of {'extreme' * 10} proportion",
            "To.uri.port": 6000,
            "From.tag": "1" + "298" * 50 + "2424",
            "Via.count": 34,
            "body": 150,
        },
    ),
    Verdict(
        "dblreq", "3.1.1.8",
        "one message in each WebSocket message, like a datagram: octets after the body are ignored",
        405,
        {
            "method": "REGISTER",
            "uri": "sip:example.com",
            "Call-ID": "dblreq.0ha0isndaksdj99sdfafnl3lk233412",
            "Contact.uri": "sip:j.user@host.example.com",
            "body": 0,
        },
    ),
    Verdict(
        "semiuri", "3.1.1.9", "; before the @ belongs to the user, not to parameters", 200,
        {
            "method": "OPTIONS",
            "uri": "sip:user;par=u%40example.net@example.com",
            "uri.user": "user;par=u%40example.net",
            "uri.host": "example.com",
            "uri.params": {},
        },
    ),
    Verdict(
        "transports", "3.1.1.10", "unknown transports are legal", 200,
        {
            "method": "OPTIONS",
            "Via": [
                "SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw",
                "SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf",
                "SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj",
                "SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en",
                "SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee",
            ],
        },
    ),
    Verdict(
        "mpart01", "3.1.1.11", "a body may contain NUL and bytes that are not UTF-8", 405,
        {
            "method": "MESSAGE",
            "Via.params": {"branch": "z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-", "rport": None},
            "Content-Type": "multipart/mixed;boundary=7a9cbec02ceef655",
            "body": 553,
        },
    ),
    Verdict(
        "unreason", "3.1.1.12", "any UTF-8 is a legal reason; it matches no request", DROPPED,
        {
            "status": 200,
            "reason": "= 2**3 * 5**2 но сто девяносто девять - простое",
            "CSeq": "35 INVITE",
            "body": 154,
        },
    ),
    Verdict(
        "noreason", "3.1.1.13", "an empty reason is legal; the response matches no request",
        DROPPED, {"status": 100, "reason": "", "To.tag": "902jndnke3"},
    ),
)  # fmt: skip

INVALID = (
    Verdict(
        "badinv01", "3.1.2.1", "separators without parameters in Via and Contact: 400", 400,
        {"method": "INVITE"},
    ),
    Verdict("clerr", "3.1.2.2", "Content-Length is larger than the message: 400", 400),
    Verdict("ncl", "3.1.2.3", "a negative Content-Length: 400", 400),
    Verdict("scalar02", "3.1.2.4", "a CSeq that exceeds 2**31: 400", 400),
    Verdict("scalarlg", "3.1.2.5", "the same in a response: it is discarded", DROPPED),
    Verdict(
        "quotbal", "3.1.2.6", "a quoted string in To that is not closed: 400", 400,
        {"method": "INVITE"},
    ),
    Verdict(
        "ltgtruri", "3.1.2.7", "a Request-URI in angle brackets: always reasonably 400", 400,
    ),
    Verdict(
        "lwsruri", "3.1.2.8", "white space inside the Request-URI: always reasonably 400", 400,
    ),
    Verdict(
        "lwsstart", "3.1.2.9", "more than one blank in the request line: reasonably 400", 400,
    ),
    Verdict(
        "trws", "3.1.2.10", "blanks at the end of the request line: reasonably 400", 400,
    ),
    Verdict(
        "escruri", "3.1.2.11",
        "headers in the Request-URI may be ignored, as here, where INVITE is not served", 405,
        {"method": "INVITE", "uri.user": "user", "uri.headers": "Route=%3Csip:example.com%3E"},
    ),
    Verdict(
        "baddate", "3.1.2.12", "a Date of another zone than GMT may be ignored", 405,
        {"method": "INVITE", "Date": "Fri, 01 Jan 2010 16:00:00 EST"},
    ),
    Verdict(
        "regbadct", "3.1.2.13",
        "? in a Contact without angle brackets: 400 is reasonable if it is parsed; REGISTER is not "
        "served, so it is not", 405,
        {"method": "REGISTER", "Contact": "malformed"},
    ),
    Verdict(
        "badaspec", "3.1.2.14", "blanks inside < > may be ignored, as here", 200,
        {
            "method": "OPTIONS",
            "To.display_name": "Watson, Thomas",
            "To.uri": "sip:t.watson@example.org",
        },
    ),
    Verdict(
        "baddn", "3.1.2.15",
        "a comma in a display name without quotes: 400. (The file also lacks the empty line that "
        "ends the headers, which is 400 as well.)",
        400,
    ),
    Verdict("badvers", "3.1.2.16", "SIP/7.0: 505", 505),
    Verdict("mismatch01", "3.1.2.17", "the methods of request line and CSeq differ: 400", 400),
    Verdict("mismatch02", "3.1.2.18", "the same where the method is unknown: 400 or 501", 400),
    Verdict("bigcode", "3.1.2.19", "a status code that overflows: it is discarded", DROPPED),
)  # fmt: skip

ABOVE = (
    Verdict(
        "badbranch", "3.2.1",
        "a branch that is only the cookie: 400, or matching as in RFC 2543. A WebSocket has no "
        "retransmissions, so no matching is necessary", 200,
        {"method": "OPTIONS", "Via": ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"]},
    ),
    Verdict(
        "insuf", "3.3.1",
        "ideally 400, but without From, To and Call-ID no response is possible", DROPPED,
    ),
    Verdict(
        "unkscm", "3.3.2", "well formed, but a Request-URI of an unknown scheme: 416", 416,
        {
            "method": "OPTIONS",
            "uri": "nobodyKnowsThisScheme:totallyopaquecontent",
            "uri.scheme": "nobodyknowsthisscheme",
            "uri.opaque": "totallyopaquecontent",
        },
    ),
    Verdict(
        "novelsc", "3.3.3", "well formed, but a Request-URI of another scheme than SIP's: 416", 416,
        {"method": "OPTIONS", "uri": "soap.beep://192.0.2.103:3002", "uri.scheme": "soap.beep"},
    ),
    Verdict(
        "unksm2", "3.3.4", "To, From and Contact may have any scheme; REGISTER is not served", 405,
        {
            "method": "REGISTER",
            "To.uri": "isbn:2983792873",
            "From.uri": "http://www.example.com",
            "From.tag": "3234233",
            "Contact.uri": "name:John_Smith",
        },
    ),
    Verdict(
        "bext01", "3.3.5", "Require with an unsupported extension: 420 with its name", 420,
        {"method": "OPTIONS", "Require": "nothingSupportsThis, nothingSupportsThisEither"},
        {"Unsupported": "nothingSupportsThis, nothingSupportsThisEither"},
    ),
    Verdict(
        "invut", "3.3.6", "415 if INVITE is served", 405,
        {"method": "INVITE", "Content-Type": "application/unknownformat", "body": 40},
    ),
    Verdict(
        "regaut01", "3.3.7", "an unknown scheme counts as no Authorization", 405,
        {
            "method": "REGISTER",
            "Authorization.scheme": "nooneknowsthisscheme",
            "Authorization.params": {"opaque-data": "here"},
        },
    ),
    Verdict("multi01", "3.3.8", "several values where one is allowed: 400", 400),
    Verdict("mcl01", "3.3.9", "two Content-Lengths that differ: 400", 400),
    Verdict(
        "bcast", "3.3.10", "an endpoint discards a response with a second, foreign Via", DROPPED,
        {
            "status": 200,
            "Via": [
                "SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923",
                "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23",
            ],
        },
    ),
    Verdict(
        "zeromf", "3.3.11", "Max-Forwards 0 forbids to forward, not to answer", 200,
        {"method": "OPTIONS", "Max-Forwards": "0"},
    ),
    Verdict(
        "cparam01", "3.3.12", "without brackets, the parameter is Contact's", 405,
        {
            "method": "REGISTER",
            "Contact.uri": "sip:+19725552222@gw1.example.net",
            "Contact.params": {"unknownparam": None},
        },
    ),
    Verdict(
        "cparam02", "3.3.13", "inside the brackets, the parameter is the URI's", 405,
        {
            "method": "REGISTER",
            "Contact.uri": "sip:+19725552222@gw1.example.net;unknownparam",
            "Contact.params": {},
        },
    ),
    Verdict(
        "regescrt", "3.3.14", "the header in the Contact's URI is part of that URI", 405,
        {
            "method": "REGISTER",
            "Contact.uri": "sip:user@example.com?Route=%3Csip:sip.example.com%3E",
        },
    ),
    Verdict(
        "sdp01", "3.3.15", "406 if INVITE is served", 405,
        {"method": "INVITE", "Accept": "text/nobodyKnowsThis", "body": 150},
    ),
    Verdict(
        "inv2543", "3.4.1", "no tag, no branch, no Content-Length: RFC 2543 allowed all that", 405,
        {
            "method": "INVITE",
            "From.tag": "",
            "From.uri": "sip:+13035551111@ift.client.example.net;user=phone",
            "To.uri": "sip:+16505552222@ss1.example.net",
            "To.params": {"user": "phone"},
            "Via": ["SIP/2.0/UDP iftgw.example.com"],
            "Record-Route": "<sip:UserB@example.com;maddr=ss1.example.com>",
            "body": 105,
        },
    ),
)  # fmt: skip

VERDICTS = VALID + INVALID + ABOVE
