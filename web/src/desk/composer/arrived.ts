import { useEffect, useRef, type RefObject } from 'react'
import type { Article, DraftBody, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useWords } from '../words'
import type { Files } from './Composer'
import type { Drafts } from './drafts'
import { KINDS, type Kind } from './opening'
import { saidAs, saysThis } from './sending'

/** What this window has last asked the desk to say; null where the desk has answered that it was something else. */
export interface Tried {
  key: string
  text: string | null
}

/** A draft that stands in the ticket already: this window's own, whose answer got lost; the same words, said from another; or other words. */
export type Fate = 'arrived' | 'elsewhere' | 'other words'

export function fateOf(article: Article, draft: DraftBody, tried: Tried | null): Fate {
  const here = tried?.key === draft.key
  if (here ? tried?.text !== draft.text : !saysThis(article, draft)) return 'other words'
  return here ? 'arrived' : 'elsewhere'
}

interface Course {
  sending: Kind | null
  tried: RefObject<Tried | null>
  sent: (kind: Kind, article: Article) => void
  done: (kind: Kind) => void
  failed: (kind: Kind, problem: string) => void
}

/** Sees in the ticket itself that a draft has been said, so that nobody says it twice. */
export function useArrived(ticket: Ticket, drafts: Drafts, files: Files, course: Course): void {
  const { t, language } = useWords()
  const me = useMe()
  const look = (kind: Kind): void => {
    const draft = drafts.of(kind)
    const article = course.sending === kind ? undefined : saidAs(ticket, draft, me.login)
    if (!article) return
    const fate = fateOf(article, draft, course.tried.current)
    if (fate === 'arrived') return course.sent(kind, article)
    if (fate === 'other words') return drafts.renew(kind), course.failed(kind, t('said_before'))
    drafts.forget(kind)
    files[kind].become([])
    course.done(kind)
    say(t('said_elsewhere', { time: moment(article.at, language) }))
  }
  const looker = useRef(look)
  useEffect(() => {
    looker.current = look
  })
  useEffect(() => KINDS.forEach((kind) => looker.current(kind)), [ticket.articles, course.sending])
}
