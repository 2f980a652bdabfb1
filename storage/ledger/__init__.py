"""The ledger: writing events, taking them back, reading balances now and as of then, the stock card, and checking all of it.

What an event means stands in storage/stock; what it must fulfil in storage/rules and, for the database, in the guards of storage/schema.
"""
