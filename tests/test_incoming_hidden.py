"""What the style of an HTML letter hides from its reader is not in its text; when in doubt it is."""

import pytest

from chalicelib import incoming
from chalicelib.html_text import text_of
from tests.letters import letter


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY: None !important",
        "visibility:hidden",
        "opacity:0",
        "opacity: 0.0",
        "mso-hide:all",
        "max-height:0px;overflow:hidden",
        "overflow:hidden;max-height:0",
        "font-size:0",
        "font-size: 0px; line-height: 0",
        "font-size:0pt",
        "font-size:.0em",
        "font-size:0%",
        "font-size:0 !important;font-size:14px",
        "font:14px Arial;font-size:0",
        "color:#fff;/* for the list */display:none",
    ],
)
def test_words_that_a_style_hides_are_not_read(style: str) -> None:
    assert (
        text_of(f'<div style="{style}">Open me! <b>Now</b></div><p>Your order has left.</p>') == "Your order has left."
    )


@pytest.mark.parametrize(
    "style",
    [
        "font-size:1px",
        "font-size:0.5em",
        "font-size:10px",
        "font:0/0 a",
        "opacity:0.01",
        "filter:alpha(opacity=0)",
        "max-height:0",
        "max-height:100px;overflow:hidden",
        "line-height:0;overflow:hidden",
        "visibility:inherit",
        "display:none;display:block",
        "display:inline-block;mso-hide:all",
        "/*display:none;*/color:red",
        "x-display:none",
    ],
)
def test_when_in_doubt_words_are_read(style: str) -> None:
    assert text_of(f'<div style="{style}">My printer is broken.</div><p>Carla</p>') == "My printer is broken.\n\nCarla"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div style="font-size:0"> <div style="font-size:14px">A</div> <div style="font:9pt x">B</div></div>', "A\nB"),
        ('<td style="font-size:0"><b>x</b><i style="font-size:1rem">y <u>z</u></i></td>', "y z"),
        ('<div style="font-size:0">x<p style="font-size:2em">x</p></div>Hello', "Hello"),
        ('<div style="font-size:0">x<table><tr><td>Hello</table></div>', "Hello"),
        ('<div style="font-size:0">x<font size=2>Hello</font></div>', "Hello"),
        ('<style>.a{font:9pt x}</style><div style="font-size:0">x<p class=a>Hello</p></div>', "Hello"),
        ('<div style="font-size:0">x<p class=a>x</p></div>Hello', "Hello"),
        ('<p style="visibility:hidden">x <b style="visibility:visible">Hello</b></p>', "Hello"),
        ('<p style="opacity:0">x <b style="opacity:1">x</b></p>Hello', "Hello"),
        ('<ol style="font-size:0"><li style="font-size:9pt">a<li style="font-size:9pt">b</ol>', "1. a\n2. b"),
        ('<blockquote style="font-size:0">x<p style="font-size:9pt">a</p></blockquote>b', "> a\n\nb"),
        ('<ul><li style="font-size:0">x</li><li>a</ul>', "* a"),
        ('<p>Hello<del style="font-size:0">x</del></p>', "Hello"),
        ('<p style="font-size:0"><a href="https://x.example/">x</a></p>Hello', "Hello"),
    ],
)
def test_what_stands_within_says_for_itself_whether_it_is_seen(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_picture_needs_no_size_of_letters_to_be_told() -> None:
    assert text_of('<td style="font-size:0"><img alt="Logo"><img alt=x style="display:none">') == "Logo"


@pytest.mark.parametrize("style", ["display:none", "font-size:0", "opacity:0"])
def test_a_letter_that_hides_all_its_words_is_read_whole(style: str) -> None:
    mail = incoming.parse(letter(f'<p style="{style}">Hello</p> <img>'.encode(), content_type=b"text/html"))
    assert mail.text == "Hello"


def test_words_are_hidden_no_longer_than_their_element_lasts() -> None:
    assert text_of('<div><span style="font-size:0">x</div>a<p style="opacity:0">x<p>b') == "a\n\nb"


def test_a_script_is_not_read_even_where_nothing_else_is_said() -> None:
    assert text_of('<script>x()</script><p style="display:none">Hello</p>') == "Hello"
