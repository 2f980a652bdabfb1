"""The chain of a site read as a trail: who did what, when, before whom; stock, watch and people alike."""
