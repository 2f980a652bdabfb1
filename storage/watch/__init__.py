"""What the cameras saw and what became of it: events, alarms, segments, gaps, the hours of the rooms."""
