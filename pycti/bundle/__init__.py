"""Build the bundle, the files that a website hosts.

The sources in ``web`` and in the package go in; scripts, the wheel, the Python runtime and the
demo pages come out. Start reading in `build`.
"""

from pycti.bundle.assets import integrity_lines
from pycti.bundle.build import STEPS, Progress, build, check_types, development_packages, is_stale
from pycti.bundle.node import BundleError, node_requirements
from pycti.bundle.shipped import copy_shipped, shipped
from pycti.bundle.sources import find_web_root
from pycti.bundle.wheel import browser_wheel, wheel_name

__all__ = [
    "STEPS",
    "BundleError",
    "Progress",
    "browser_wheel",
    "build",
    "check_types",
    "copy_shipped",
    "development_packages",
    "find_web_root",
    "integrity_lines",
    "is_stale",
    "node_requirements",
    "shipped",
    "wheel_name",
]
