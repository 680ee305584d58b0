"""Presence and inspections counted: frames in, frames and figures out; no store, no clock."""
