"""Evidence given out: storage makes the package, camera cuts the clips, here they meet; and the one page about it."""
