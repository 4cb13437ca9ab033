import { useCallback, useEffect, useRef, useState } from 'react'
import { markFold } from './fold'
import { sanitize } from './sanitize'

interface Props {
  html: string
  title: string
  images: boolean
  /** What the mail says before the quote, as text; null: nothing is quoted. */
  visible: string | null
  /** How the text goes on after that. */
  rest: string
  /** Hide the rest. */
  folded: boolean
  /** Where the inline images with a Content-ID lie. */
  inline: Record<string, string>
  onBlocked: (count: number) => void
}

/** HTML mail on a page of its own: sandboxed, without scripts, under its own policy. Sized to its content. */
export default function MailFrame({ html, title, images, visible, rest, folded, inline, onBlocked }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [loaded, setLoaded] = useState(0)
  const load = useCallback(() => setLoaded((times) => times + 1), [])
  useEffect(() => {
    const inside = frame.current?.contentWindow as (Window & typeof globalThis) | null | undefined
    const body = inside?.document?.body
    if (!loaded || !inside || !body) return
    const clean = sanitize(html, inside, images)
    body.innerHTML = clean.html
    const free = showInline(body, inline)
    if (visible !== null) markFold(body, visible, rest)
    onBlocked(clean.blocked)
    const stop = keepSize(inside, body, frame.current)
    return () => {
      free()
      stop()
    }
  }, [html, images, inline, loaded, onBlocked, visible, rest])
  useEffect(() => {
    frame.current?.contentDocument?.body?.classList.toggle('folded', folded)
  }, [folded, loaded, html, images])
  return (
    <iframe
      ref={frame}
      title={title}
      className="mail-frame"
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      src={images ? '/mail-frame-img.html' : '/mail-frame.html'}
      onLoad={load}
    />
  )
}

/** Images that came with the mail. Gives back what frees them again. */
function showInline(body: HTMLElement, inline: Record<string, string>): () => void {
  const shown: string[] = []
  const stopped = new AbortController()
  const show = async (image: HTMLImageElement): Promise<void> => {
    const address = inline[image.dataset.cid ?? '']
    if (!address) return
    const answer = await fetch(address, { signal: stopped.signal })
    if (!answer.ok) return
    // By way of a blob: the frame's policy knows nothing of the bucket.
    const local = URL.createObjectURL(await answer.blob())
    shown.push(local)
    image.src = local
  }
  body.querySelectorAll<HTMLImageElement>('img[data-cid]').forEach((image) => void show(image).catch(() => undefined))
  return () => {
    stopped.abort()
    shown.forEach((local) => URL.revokeObjectURL(local))
  }
}

function keepSize(inside: Window & typeof globalThis, body: HTMLElement, frame: HTMLIFrameElement | null): () => void {
  const fit = (): void => {
    if (frame) frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 4}px`
  }
  const observer = new ResizeObserver(fit)
  observer.observe(body)
  inside.addEventListener('load', fit)
  fit()
  return () => observer.disconnect()
}
