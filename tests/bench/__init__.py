"""The benchmark: this connector beside others, in one Chromium, against one server.

``python tests/bench/run.py --help`` tells how it is run, ``docs/performance.rst`` what is measured,
and ``contenders/README.md`` how another script takes part.
"""
