"""The one door of the local cloud: an HTTP server that knows who calls, and judges what is asked."""
