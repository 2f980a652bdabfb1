"""The rules of the warehouse in plain Python: hours, verdicts, entitlement, what a posting must fulfil, what is refused.

Only the standard library and this package may be imported here, so that each rule can be read and tested alone.
"""
