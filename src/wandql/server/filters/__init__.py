"""Filters and orders in the dialects that clients send, as conditions and terms of SQL."""
