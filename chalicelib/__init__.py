"""Otklik: a help desk without a server. CONTEXT.md has the words, docs/decisions the choices."""
