"""Tests of the camera side, against real streams, real files and a real database."""
