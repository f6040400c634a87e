"""Sans-I/O SIP for following calls (RFC 3261, 6665, 4235, 7118). Time comes in as an argument."""
