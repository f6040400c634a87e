"""Small pieces that several rooms share and that know nothing of telephony.

`machine` runs a transition table, `deadlines` picks the earliest of several times, `redaction`
removes secrets from text that is logged or shown.
"""
