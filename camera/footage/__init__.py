"""What was recorded, read back: pictures, clips and stills out of segments. Nothing here writes into the recordings."""
