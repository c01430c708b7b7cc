"""The only place that knows SQL: table classes with their reads and writes. What leaves is plain, loaded values."""
