"""One file (or folder) per first URL segment. Each handler: parse, load, ask the domain, store, commit, render."""
