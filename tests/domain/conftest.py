"""Settings of the property tests: slowness of a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("greenroom", deadline=None)
settings.load_profile("greenroom")
