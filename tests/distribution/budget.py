"""The size limits of a visitor's downloads. Give a reason when you raise one."""

FIRST_VISIT = {
    "cti-connector.js": 11_000,
    "assets/cti-worker-*.mjs": 13_000,
    "assets/pyodide.lean-*.mjs": 85_000,
    "assets/pyodide.hot-*.wasm": 1_550_000,
    # Call control and the country of a page have taken 70 kB, tracebacks that can be formatted 15.
    "assets/snapshot-*.bin": 2_820_000,
}
"""The downloads until READY with their size limits: bytes, in Brotli."""

FIRST_VISIT_BUDGET = 4_420_000

LATER = {
    # Call control, colleagues, settings and notifications have taken 7 kB (25.8 measured).
    "cti-dialer.js": 27_000,
    "assets/cti-frame-*.mjs": 1_000,
    "assets/cti-frame-*.html": 500,
    "cti-worker.mjs": 100,
    "assets/cti-words-*.mjs": 2_500,
    "assets/cti-detect-*.mjs": 5_000,
    "assets/micropip-*.whl": 120_000,
    "assets/phonenumberslite-*.whl": 500_000,
    "assets/pyodide.asm-*.mjs": 215_000,
    "assets/pyodide.cold-*.wasm": 1_300_000,
    "assets/pyodide.full-*.bin": 110_000,
    "assets/python_stdlib-*.zip": 2_600_000,
    # Call control, presence, history and the country of a page have taken 20 kB.
    "assets/pycti-*.zip": 170_000,
    "pycti-*.whl": 170_000,
}
"""Optional downloads. Archives are already compressed and are sent unchanged."""
