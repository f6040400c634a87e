"""Dialog-info documents (RFC 4235) for tests, as short raw XML."""

from __future__ import annotations


def dialog(
    identifier: str,
    state: str,
    remote: str = "+442036427900",
    *,
    direction: str = "initiator",
    name: str = "",
    hold: bool = False,
    event: str = "",
    code: str = "",
    start: str = "",
    local: str = "10002",
) -> str:
    """Return one ``<dialog>`` element in the vendor's format."""
    extra = (f' event="{event}"' if event else "") + (f' code="{code}"' if code else "")
    display = f' display="{name}"' if name else ""
    params = '<param pname="+sip.rendering" pval="no"/>' if hold else ""
    params += f'<param pname="timestamp.start" pval="{start}"/>' if start else ""
    return (
        f'<dialog id="{identifier}" direction="{direction}"><state{extra}>{state}</state>'
        f"<local><identity>sip:{local}@pbx.test</identity>"
        f'<target uri="sip:{local}@pbx.test">{params}</target></local>'
        f"<remote><identity{display}>sip:{remote}@pbx.test</identity></remote></dialog>"
    )


def incoming(identifier: str, state: str, remote: str = "+442036427900", **more: str | bool) -> str:
    return dialog(identifier, state, remote, direction="recipient", **more)  # type: ignore[arg-type]


def document(version: int, *dialogs: str, full: bool = True, entity: str = "10002") -> str:
    """Return a full or a partial document."""
    return (
        '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"'
        f' version="{version}" state="{"full" if full else "partial"}"'
        f' entity="sip:{entity}@pbx.test">' + "".join(dialogs) + "</dialog-info>"
    )
