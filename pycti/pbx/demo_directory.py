"""The demo's people and numbers.

Numbers come from ranges that Ofcom reserves for drama (020 7946 0000-0999, 0909 879 0000-0999),
except for +442036427900, which the connector's documentation uses.
"""

from __future__ import annotations

from pycti.pbx.directory import Directory, Kind, Outside, Party, Person, PhoneSettings, Service

# S106: the demo page publishes these passwords; they protect nothing.
_PEOPLE = (
    Person(
        "10002", "1002", "Anna", "Bell", "anna@example.com",
        password="demo", api_keys=("demo-key-10002",),  # noqa: S106
    ),
    Person(
        "10003", "1003", "Ben", "Cole", "ben@example.com",
        password="demo", api_keys=("demo-key-10003",),  # noqa: S106
    ),
    Person(
        "10004", "1004", "Dora", "Ellis", "dora@example.com",
        password="demo", second_factor="123456",  # noqa: S106
    ),
    Person(
        "10005", "1005", "Carla", "Diaz", "carla@example.com",
        phone=PhoneSettings(answer_after=2.0),
    ),
    Person(
        "10006", "1006", "Emil", "Fox", "emil@example.com",
        phone=PhoneSettings(dnd=True),
    ),
    Person(
        "10007", "1007", "Fay", "Green", "fay@example.com",
        phone=PhoneSettings(registered=False),
    ),
    Person(
        "10008", "1008", "Gus", "Hart", "gus@example.com",
        phone=PhoneSettings(ring_time=15.0),
    ),
)  # fmt: skip

_SERVICES = (
    Service(Party(Kind.QUEUE, "77", "770", "Sales"), members=("10002", "10003")),
    Service(
        Party(Kind.IVR, "55", "550", "Welcome"),
        answer_after=1.0, forward_after=4.0, forward_to="770",
    ),
    Service(Party(Kind.CONF, "123456", "600", "Weekly"), answer_after=0.5),
)  # fmt: skip

_OUTSIDE = (
    Outside("+442036427900", "Alex Morgan"),
    Outside("+442079460101", "Blake Osei", "is busy", code=486),
    Outside("+442079460102", "Nora Quill", "never answers", answer_after=None),
    Outside(
        "+442079460103", "Rita Flint", "rings, then declines after 2 s",
        code=603, code_after=2.0, rings=True,
    ),
    Outside("+442079460104", "", "does not exist", code=404),
    Outside(
        "+442079460105", "Sam Lowe", "slow: rings only after 3 s, answers 8 s later",
        alert_after=3.0, answer_after=8.0,
    ),
    Outside(
        "+442079460106", "Hugo Reyes", "answers after 2 s, hangs up 6 s later",
        hang_up_after=6.0,
    ),
    Outside(
        "+442079460107", "Hanna Holt", "answers after 2 s, holds 4 s later, resumes 5 s later",
        hold_after=4.0,
    ),
    Outside("+442079460108", "Uma Reed", "cannot be reached", code=480),
    Outside(
        "+442079460109", '<img src=x onerror=alert(1)> & "co"',
        "answers after 2 s; its name tries to be HTML",
    ),
)  # fmt: skip


def demo_directory() -> Directory:
    """Return the directory of the demo: three accounts, four colleagues, ten numbers outside."""
    return Directory(
        domain="pbx.example",
        people=_PEOPLE,
        services=_SERVICES,
        outside=_OUTSIDE,
        barred=("44909879",),
    )
