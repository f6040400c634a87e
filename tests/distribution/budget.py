"""How large what a visitor downloads may become. Whoever raises a number says why."""

FIRST_VISIT = {
    "cti-connector.js": 11_000,
    "assets/cti-worker-*.mjs": 12_500,
    "assets/pyodide.lean-*.mjs": 85_000,
    "assets/pyodide.lean-*.wasm": 2_750_000,
    # Call control, and one reader for numbers: 2.77 MB.
    "assets/snapshot-*.bin": 2_800_000,
}
"""What is downloaded until READY, and how large each may become: bytes, in Brotli."""

FIRST_VISIT_BUDGET = 5_600_000

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
    "assets/pyodide.exports-*.bin": 70_000,
    "assets/python_stdlib-*.zip": 2_600_000,
    # Call control, presence and history have taken 10 kB (163.4 measured).
    "assets/pycti-*.zip": 168_000,
    "pycti-*.whl": 168_000,
}
"""What some pages need. Archives travel as they are: they are compressed already."""
