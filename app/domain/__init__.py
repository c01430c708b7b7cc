"""The rules. Standard library and `fsrs` only: no HTTP, no SQL, no clock; `now` is always an argument."""
