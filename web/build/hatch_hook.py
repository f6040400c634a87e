"""Puts the built bundle into the wheel; hatchling runs this (see pyproject.toml).

An editable installation gets none: it builds into web/dist when it is needed. The wheel leaves out
the `.gz` copies: each is as large again, and `python -m pycti build` makes them where files are
going to be hosted.
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
        # It downloads what the bundle carries for Python. Node.js, where there is none, belongs to
        # the build's environment: what pip installs during the build, the build does not see.
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
        """Return the builder of this very source tree."""
        sys.path.insert(0, self.root)
        try:
            from pycti import bundle  # noqa: PLC0415
        finally:
            sys.path.remove(self.root)
        return bundle
