"""Compiled passes over all lists; a change of any file here makes all of them compile anew."""
