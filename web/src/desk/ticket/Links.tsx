import { useQueryClient } from '@tanstack/react-query'
import { Link as Way, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import * as desk from '../../api/desk'
import type { Link, Ticket } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { stateKey } from '../StateBadge'
import { useWords, type Key } from '../words'
import { useRefresh } from './changing'
import { DoubtBadge } from './Doubt'
import { LinkTo } from './LinkTo'
import { BeforeMerging } from './Merge'
import { dubious, merging, strangers } from './merging'
import css from './ticket.module.css'

/** The tickets that have to do with this one: what they are to it in words, and what can be done about it with one click. */
export function Links({ ticket }: { ticket: Ticket }) {
  const { t } = useWords()
  const merged = ticket.state === 'merged'
  if (!ticket.links.length && merged) return null
  return (
    <section aria-label={t('links')}>
      <h2>{t('links')}</h2>
      {ticket.links.length > 0 && (
        <ul className={css.links}>
          {ticket.links.map((link) => (
            <Linked key={`${link.number} ${link.kind} ${link.back}`} ticket={ticket} link={link} idle={merged} />
          ))}
        </ul>
      )}
      {!merged && (
        <div className={css.linking}>
          <LinkTo ticket={ticket} />
          <button className="btn tiny" title={`${t('key_merge')} (m)`} onClick={merging.open}>
            <Icon name="merge" />
            {t('merge_with')}
          </button>
        </div>
      )}
    </section>
  )
}

const SAID = ['normal', 'parent', 'child', 'follow-up', 'waiting', 'asked-before', 'same-mail', 'merged']

/** The key of the sentence about a link, which has `{number}` and maybe `{email}` in it. */
export const sentenceOf = (link: Link): Key =>
  (SAID.includes(link.kind) ? `link_${link.kind.replace('-', '_')}${link.back ? '_back' : ''}` : 'link_normal') as Key

function Linked({ ticket, link, idle }: { ticket: Ticket; link: Link; idle: boolean }) {
  const { t } = useWords()
  const [before, after] = t(sentenceOf(link), { number: '\n', email: link.email || t('somebody') }).split('\n')
  return (
    <li>
      <span>
        {before}
        <Way to="/tickets/$number" params={{ number: link.number }} className="mono">{link.number}</Way>
        {after} <DoubtBadge doubt={link.doubt} />
      </span>
      {link.other && <Other of={link.other} />}
      {!idle && <Deed ticket={ticket} link={link} />}
    </li>
  )
}

/** What stands behind the number, where I may read it: enough to judge without going there. */
function Other({ of }: { of: NonNullable<Link['other']> }) {
  const { t } = useWords()
  return (
    <span className={css.other}>
      <bdi>{of.title || t('no_subject')}</bdi>
      <span className="muted small">{[of.customer.name || of.customer.email, t(stateKey(of.state))].filter(Boolean).join(' · ')}</span>
    </span>
  )
}

function Deed({ ticket, link }: { ticket: Ticket; link: Link }) {
  const { t } = useWords()
  const joining = useJoining(ticket, link)
  const joins = link.other && ['follow-up', 'asked-before'].includes(link.kind) // what she may not read she cannot judge, nor merge
  if (link.kind !== 'waiting' && !joins) return null
  return (
    <>
      {joins ? (
        <button className="btn tiny" disabled={joining.busy} onClick={() => void joining.join()}>{t(link.back ? 'join_here' : 'join_there')}</button>
      ) : (
        <button className="btn tiny" disabled={joining.busy} title={t('approve_why')} onClick={() => void joining.approve()}>{t('approve')}</button>
      )}
      {joining.other && <BeforeMerging one={ticket} other={joining.other} close={joining.forget} merge={() => void joining.merge()} />}
    </>
  )
}

/** What is said of another ticket (`back`) brings that one here; what this one says brings it there. */
function useJoining(ticket: Ticket, link: Link) {
  const { t, explain } = useWords()
  const go = useNavigate()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [busy, setBusy] = useState(false)
  const [other, setOther] = useState<Ticket | null>(null)
  const [lost, kept] = link.back ? [link.number, ticket.number] : [ticket.number, link.number]
  const act = async (deed: () => Promise<Ticket>, done: Key): Promise<void> => {
    setBusy(true)
    setOther(null)
    try {
      const survivor = await deed()
      cache.setQueryData(['ticket', survivor.number], survivor)
      say(t(done, { number: survivor.number }))
      if (survivor.number !== ticket.number) await go({ to: '/tickets/$number', params: { number: survivor.number } })
    } catch (failure) {
      say(explain(failure))
    } finally {
      setBusy(false)
      await refresh()
    }
  }
  const merge = (): Promise<void> => act(() => desk.merge(lost, kept), 'merged_into_number')
  const join = async (): Promise<void> => {
    const found = await desk.ticket(link.number).catch((failure) => say(explain(failure)))
    if (!found) return
    if (strangers(ticket, found) || dubious(ticket, found)) setOther(found)
    else await merge()
  }
  const approve = (): Promise<void> => act(() => (link.back ? desk.letJoin(ticket.number, link.email) : desk.letJoin(link.number, ticket.customer.email, ticket.customer.name)), 'approved')
  return { busy, other, join, merge, approve, forget: () => setOther(null) }
}

/** Where a merged ticket has gone. */
export function MergedBanner({ ticket }: { ticket: Ticket }) {
  const { t } = useWords()
  if (!ticket.merged_into) return null
  const [before, after] = t('merged_banner', { number: '\n' }).split('\n')
  return (
    <p className={`notice ${css.banner}`} role="status">
      <Icon name="merge" />
      <span>
        {before}
        <Way to="/tickets/$number" params={{ number: ticket.merged_into }} className="mono">{ticket.merged_into}</Way>
        {after}
      </span>
    </p>
  )
}
