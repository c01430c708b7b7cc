"""Greenroom: rehearse a technical interview before you walk on stage."""

__version__ = "0.1.0"
