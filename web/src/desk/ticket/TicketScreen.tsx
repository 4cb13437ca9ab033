import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, type RefObject } from 'react'
import { ApiError } from '../../api/client'
import type { Ticket } from '../../api/types'
import { useHotkeys } from '../../ui/hotkeys'
import { useMe } from '../Door'
import { Composer } from '../composer/Composer'
import { composing } from '../composer/opening'
import { neighbour, place } from '../list/place'
import { useWords } from '../words'
import { Articles } from './Articles'
import { Below } from './Below'
import { MergedBanner } from './Links'
import { LockBanner } from './LockBanner'
import { Merge } from './Merge'
import { TicketHead } from './TicketHead'
import { TicketSide } from './TicketSide'
import { isEnded, useChange } from './changing'
import { useAbout } from './about'
import { lastIn, lettersIn } from './below'
import { useLocking } from './locking'
import { merging } from './merging'
import { ticketQuery } from './query'
import css from './ticket.module.css'

/** One ticket: what was said, the composer below it, its fields beside it. */
export function TicketScreen() {
  const { t, explain } = useWords()
  const { number } = useParams({ from: '/tickets/$number' })
  const { data, error, refetch } = useQuery({ ...ticketQuery(number), refetchInterval: 5_000, staleTime: 1_000 })
  useWalking(number)
  // Removed, or moved to a queue that is not hers: what is still in memory would only mislead.
  const gone = error instanceof ApiError && error.status === 404
  if (data && !gone) return <Shown key={number} ticket={data} />
  if (!error) return <p className="empty" role="status">{t('loading')}</p>
  return (
    <div className="empty">
      <p role="alert">{data ? t('ticket_gone') : explain(error)}</p>
      <p className="row" style={{ justifyContent: 'center', marginTop: 12 }}>
        <Link to="/" className="btn">{t('to_the_list')}</Link>
        <button className="btn" onClick={() => void refetch()}>{t('again')}</button>
      </p>
    </div>
  )
}

function Shown({ ticket }: { ticket: Ticket }) {
  const talk = useRef<HTMLDivElement>(null)
  const change = useChange(ticket)
  const locking = useLocking(ticket)
  const about = useAbout()
  useEffect(() => showLast(talk.current), [])
  useOwnWords(ticket, talk)
  useHotkeys({
    r: () => composing.open('reply'),
    f: () => composing.open('forward'),
    n: () => composing.open('note'),
    m: () => merging.open(),
    e: () => isEnded(ticket.state) || void change({ state: 'closed successful' }),
  })
  return (
    <article className={css.screen} aria-labelledby="ticket-title" data-about={about.open || undefined}>
      <title>{`${ticket.title} · ${ticket.number}`}</title>
      <TicketHead ticket={ticket} change={change} about={about} />
      <MergedBanner ticket={ticket} />
      <LockBanner ticket={ticket} locking={locking} />
      <div className={css.body}>
        <div className={css.talk}>
          <div className={css.articles} ref={talk} tabIndex={-1}>
            <Articles ticket={ticket} />
            <Below ticket={ticket} talk={talk} />
          </div>
          <Composer ticket={ticket} locking={locking} />
        </div>
        <TicketSide ticket={ticket} change={change} about={about} />
      </div>
      <Merge ticket={ticket} />
    </article>
  )
}

/** What she has just said comes into sight; where the composer has closed over it, it has the focus, so that the keys go on from there. */
function useOwnWords(ticket: Ticket, talk: RefObject<HTMLElement | null>): void {
  const me = useMe()
  const known = useRef(ticket.articles.length)
  useEffect(() => {
    const [before, said] = [known.current, ticket.articles.at(-1)]
    known.current = ticket.articles.length
    if (ticket.articles.length !== before + 1 || said?.by !== me.login) return
    const last = lettersIn(talk.current!).at(-1) as HTMLElement | undefined
    last?.scrollIntoView({ block: 'nearest' })
    if (document.activeElement === document.body) last?.focus({ preventScroll: true })
  }, [ticket.articles, me.login, talk])
}

/** The last word first, or what the address names; what was said before is a scroll away. Mails grow while they load, so it is held for a moment. */
function showLast(talk: HTMLElement | null): () => void {
  const list = talk?.querySelector('ol')
  const named = location.hash && talk?.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`)
  const watch = new ResizeObserver(() => (named || lastIn(talk!))?.scrollIntoView({ block: 'start' }))
  const stop = (): void => watch.disconnect()
  if (list) watch.observe(list)
  const timer = setTimeout(stop, 1500)
  const touched = ['wheel', 'pointerdown', 'keydown'] as const
  touched.forEach((event) => addEventListener(event, stop, { once: true, passive: true }))
  return () => {
    stop()
    clearTimeout(timer)
    touched.forEach((event) => removeEventListener(event, stop))
  }
}

/** `u` goes back to the list as it was, `[` and `]` to the tickets beside this one. */
function useWalking(number: string): void {
  const go = useNavigate()
  const to = (step: 1 | -1): void => {
    const next = neighbour(number, step)
    if (!next) return
    place.current = next
    void go({ to: '/tickets/$number', params: { number: next } })
  }
  useHotkeys({
    u: () => void go({ to: '/', search: place.search }),
    '[': () => to(-1),
    ']': () => to(1),
  })
}
