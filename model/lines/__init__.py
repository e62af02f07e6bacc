"""Source to lines: bare text, HTML, and the bytes of either."""
