"""Files that left as links: whoever has the link gets the file, until it ends."""

from chalice.app import Blueprint

from chalicelib import desk_files
from chalicelib.doors import NOBODY, Asked, Door, Reply

blueprint = Blueprint(__name__)
door = Door(blueprint, NOBODY)


@door("GET", "/files/{token}", status=302)
def linked(asked: Asked) -> Reply:
    """A short-lived download of the file that a link in a letter leads to, always as an attachment."""
    return Reply(status=302, headers={"Location": desk_files.linked(asked.values["token"], asked.now)})
