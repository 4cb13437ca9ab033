"""Texts of unusual types as plain text or HTML: format=flowed, text/enriched. Pure."""

import re

MAX_FLOWED = 50_000  # lines


def enriched(text: str) -> str:
    """text/enriched (RFC 1896) as HTML: `<<` is a bracket, one line end is a space, several are one fewer."""
    if "<nl>" in text.lower():  # text/richtext, its predecessor (RFC 1341 7.1.3)
        return re.sub(r"(?i)<lt>", "&lt;", re.sub(r"(?i)<nl>", "<br>", text))
    lines = re.sub(r"\n+", lambda ends: "<br>" * (len(ends[0]) - 1) or "\n", text.replace("\r\n", "\n"))
    return re.sub(r"(?i)<param>[^<]*</param>", "", lines.replace("<<", "&lt;"))


def flowed(text: str, delete_space: bool) -> str:
    """format=flowed (RFC 3676) with its soft line breaks undone, quoting depth by depth; a signature mark stays. An empty
    line ends the paragraph although the RFC would swallow it: programs that leave a space behind each line mean it so."""
    out: list[list[str]] = []
    depth_before, open_line = -1, False
    for line in text.splitlines():
        marks = re.match(r">*", line)
        depth = marks.end() if marks else 0
        content = line[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        content = content[:-1] if soft and delete_space else content
        if open_line and content and depth == depth_before and content != "-- ":
            out[-1].append(content)
        else:
            out.append([">" * depth + (" " if depth else ""), content])
        depth_before, open_line = depth, soft
    return "\n".join("".join(line) for line in out)
