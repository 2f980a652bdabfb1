"""Fields and forms: what is typed, checked where it is typed, and kept when it is refused. Posting itself is storage's."""
