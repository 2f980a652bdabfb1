"""The tests mirror the code; stories tell whole days, setup tests the scripts."""
