"""For whoever wants to know whether the desk is there, and how to speak with it."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import doors
from chalicelib.doors import NOBODY, Asked, Door

VERSION = "0.1.0"

blueprint = Blueprint(__name__)
door = Door(blueprint, NOBODY)


@door("GET", "/health", answer="Health")
def health(asked: Asked) -> dict[str, str]:
    """Is the desk there?"""
    return {"status": "ok", "version": VERSION}


@door("GET", "/openapi.json")
def openapi(asked: Asked) -> dict[str, Any]:
    """This document."""
    from chalicelib.openapi import document  # only who asks for it pays for it

    return document(tuple(doors.ROUTES), VERSION)
