"""The pages and the PBX of the browser tests."""

from browser.conftest import (  # noqa: F401 - fixtures
    context,
    new_cti,
    new_page,
    pbx,
    pbx_server,
    reaper,
    trouble,
)
