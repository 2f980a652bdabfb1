"""Everything that is kept, and every judgement about it: stock, watch events, people, rooms and their hours.

What may not live here: cameras and pictures, Qt, and decisions made on a screen. The rules themselves, free of any database, are in
storage/rules; the tables in storage/schema; the two fields of work in storage/stock and storage/watch; the demo's facts in
storage/demo.
"""
