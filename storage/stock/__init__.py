"""The books of the ballots: what changes them (postings of events) and what is read from them. Nothing else changes a quantity."""
