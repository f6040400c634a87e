"""How much of everything is sent."""

EVENTS = 2_000
"""How many NOTIFYs a burst has."""

PACE = 50
"""How many NOTIFYs a second are sent where the latency is measured."""

PACED = 500
"""How many those are."""

CALLS = (1, 30, 300)
SUBSCRIPTIONS = (1, 100, 1_000)
GROWTH = 1_000
"""How many NOTIFYs a burst has where growth is measured."""

TABS = 5
"""How many tabs are many."""
