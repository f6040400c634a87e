"""Adds the built bundle to the wheel. hatchling runs this hook (see pyproject.toml).

An editable installation contains no bundle: it builds into web/dist on demand. The wheel leaves out
the `.gz` copies to save space. `python -m pycti build` makes them for hosting.
"""

import importlib.util
import os
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT = "PYCTI_WITHOUT_BUNDLE"
HINT = f"Or set {WITHOUT}=1 for a wheel that has only the Python API and the PBX."


class BundleHook(BuildHookInterface):
    def dependencies(self):
        if os.environ.get(WITHOUT):
            return []
        # pip downloads the Python packages of the bundle. Without Node.js on the system, it is a
        # build requirement: the build cannot see packages that pip installs while it runs.
        pip = [] if importlib.util.find_spec("pip") else ["pip"]
        return pip + self.bundle().node_requirements()

    def initialize(self, version, build_data):
        if version == "editable" or os.environ.get(WITHOUT):
            return
        bundle = self.bundle()
        out = Path(self.root) / "web/dist"
        try:
            if bundle.is_stale(out):
                bundle.build(out, lambda name, done, total: self.app.display_info(name))
        except bundle.BundleError as error:
            self.app.abort(f"{error.message}\n{error.hint}\n{HINT}")
        build_data["force_include"] |= {
            str(path): f"pycti/dist/{path.relative_to(out).as_posix()}"
            for path in sorted(out.rglob("*"))
            if path.is_file() and path.suffix != ".gz"
        }

    def bundle(self):
        """Return the bundle builder of this source tree."""
        sys.path.insert(0, self.root)
        try:
            from pycti import bundle  # noqa: PLC0415
        finally:
            sys.path.remove(self.root)
        return bundle
