"""What the guard sees of the cameras: the wall, the last hours, the clip of an alarm, and its sound."""
