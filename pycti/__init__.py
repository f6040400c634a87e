"""pycti: click to call, caller display and call control for any web page, in pure Python."""

__version__ = "0.1.0"
