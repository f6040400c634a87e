"""The terminal commands of ``python -m pycti``. Start reading in `main`."""
