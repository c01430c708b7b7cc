"""`make bench`: CPU per request of Greenroom against two floors, in one run. It measures; it does not judge."""
