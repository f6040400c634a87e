"""Small modules that several rooms share and that are independent of telephony.

`machine` runs a transition table, `deadlines` returns the earliest of several times, `redaction`
removes secrets from text that is logged or displayed.
"""
