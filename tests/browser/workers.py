"""Ends shared workers from outside, as a browser does if memory is low."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext

from .engines import is_firefox

# Firefox has no interface to end workers, so each worker gets a command to close silently.
MORTAL = """
  const Immortal = SharedWorker;
  window.SharedWorker = class extends Immortal {
    constructor(url, options) {
      const source = `import ${JSON.stringify(url)};
        new BroadcastChannel("end of the worker").onmessage = () => close();`;
      super(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), options);
    }
  };
"""


class Reaper:
    """Make this before the pages whose worker it ends. In Firefox each page has its own worker."""

    def __init__(self, browser: Browser, context: BrowserContext) -> None:
        self._browser = browser
        self._context = context
        if is_firefox(browser):
            context.add_init_script(MORTAL)

    def end_workers(self) -> None:
        if is_firefox(self._browser):
            for page in self._context.pages:
                page.evaluate("new BroadcastChannel('end of the worker').postMessage(null)")
            return
        session = self._browser.new_browser_cdp_session()
        targets = session.send("Target.getTargets")["targetInfos"]
        workers = [target["targetId"] for target in targets if target["type"] == "shared_worker"]
        assert workers
        for target in workers:
            session.send("Target.closeTarget", {"targetId": target})
        session.detach()
