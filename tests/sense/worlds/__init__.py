"""Streams of projects that never were, with what a reader expects to stand first at stated moments."""
