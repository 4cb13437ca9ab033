import { Fragment } from 'react'

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#x27;': "'", '&#39;': "'" }

/** The parts of a snippet: all that is markup in it is <b>; anything else that looks like markup is text. */
export function parts(snippet: string): { text: string; found: boolean }[] {
  const pieces = snippet.split(/(<b>[^<]*<\/b>)/)
  return pieces.filter(Boolean).map((piece) => {
    const found = /^<b>([^<]*)<\/b>$/.exec(piece)
    return { text: plain(found ? found[1]! : piece), found: Boolean(found) }
  })
}

const plain = (text: string): string => text.replace(/&(?:lt|gt|amp|quot|#x27|#39);/g, (entity) => ENTITIES[entity]!)

export function Snippet({ html }: { html: string }) {
  return (
    <>
      {parts(html).map((part, n) => (part.found ? <mark key={n}>{part.text}</mark> : <Fragment key={n}>{part.text}</Fragment>))}
    </>
  )
}
