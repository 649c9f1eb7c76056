"""Tests of the web stage."""
