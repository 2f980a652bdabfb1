"""Live pictures: packets from a worker through the recorder's relay to the windows that show the camera."""
