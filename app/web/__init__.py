"""How answers leave the building: rendering, cookies, headers, errors. Knows no rules and no tables."""
