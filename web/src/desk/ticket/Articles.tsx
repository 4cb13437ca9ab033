import { useMemo, useState } from 'react'
import type { Article, Ticket } from '../../api/types'
import { exactly, moment, shownTime } from '../../i18n/format'
import { Icon, type Sign } from '../../ui/Icon'
import { rawUrl } from '../../api/desk'
import { useAgentNames } from '../Queues'
import { useWords, type Key } from '../words'
import { ArticleBody } from './ArticleBody'
import { DoubtNote } from './Doubt'
import { DeliveryMark, Fate } from './DeliveryMark'
import { Files } from './Files'
import { ReportCard, Undelivered } from './ReportCard'
import css from './ticket.module.css'
import { voice } from './voice'

export function Articles({ ticket }: { ticket: Ticket }) {
  return (
    <ol className={css.list}>
      {ticket.articles.map((article) => (
        <li key={article.id} tabIndex={-1}>
          <ArticleCard ticket={ticket} article={article} />
        </li>
      ))}
    </ol>
  )
}

const SIGNS: Record<string, Sign> = { phone: 'phone', note: 'note', email: 'mail', web: 'globe' }

/** Whether somebody else than the customer has written it: of one name there may be several. */
const another = ({ customer }: Ticket, { sender, from }: Article): boolean => sender === 'customer' && Boolean(from?.name) && from.email !== customer.email

function ArticleCard({ ticket, article }: { ticket: Ticket; article: Article }) {
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const who = article.by && article.sender === 'agent' ? nameOf(article.by) : article.from?.name || article.from?.email || t('the_desk')
  const [chosen, choose] = useState<boolean | null>(null)
  const folds = voice(article) === 'auto' || article.delivery?.state === 'cancelled'
  const open = chosen ?? (!folds || Boolean(article.report))
  const files = useMemo(() => article.attachments.filter((file) => !(file.inline && file.content_id)), [article.attachments])
  return (
    <div className={css.article} data-voice={voice(article)} id={`article-${article.seq}`}>
      <div className={css.articleHead}>
        <Icon name={SIGNS[article.channel] ?? 'mail'} />
        <strong className="cut" dir="auto">{who}</strong>
        {another(ticket, article) && <span className="muted small cut">{article.from.email}</span>}
        <span className="muted small">{t(kindKey(article))}</span>
        {article.sender === 'customer' && !article.visible && <span className="badge" title={t('aside_why')}>{t('aside_letter')}</span>}
        {article.to.length > 0 && <span className="muted small cut" title={article.to.concat(article.cc).map(address).join(', ')}>→ {article.to.concat(article.cc).map((each) => withoutToken(each.email)).join(', ')}</span>}
        {folds && (
          <button className="btn tiny plain" aria-expanded={open} onClick={() => choose(!open)}>
            {t(open ? 'hide_text' : 'show_text')}
          </button>
        )}
        <span className="grow" />
        {article.time_units > 0 && <span className="badge" title={t('time_spent')}>{shownTime(article.time_units)}</span>}
        {article.delivery && <DeliveryMark ticket={ticket} article={article} delivery={article.delivery} />}
        {article.raw && (
          <a className="small muted" href={rawUrl(ticket.number, article.id)} title={t('raw_mail')}>{t('raw')}</a>
        )}
        <time className="muted small" dateTime={article.at} title={exactly(article.at, language)}>{moment(article.at, language)}</time>
      </div>
      <Fate ticket={ticket} article={article} />
      {open && (
        <>
          {saysMore(article.subject, ticket) && <p className={css.subject} dir="auto">{article.subject}</p>}
          <DoubtNote article={article} />
          {article.report && <ReportCard ticket={ticket} report={article.report} />}
          <Undelivered ticket={ticket} article={article} />
          <ArticleBody ticket={ticket.number} article={article} />
          {files.length > 0 && <Files ticket={ticket.number} article={article} files={files} />}
        </>
      )}
    </div>
  )
}

/** A subject is worth a line only where it is not the ticket's own. */
function saysMore(subject: string, ticket: Ticket): boolean {
  const bare = (text: string): string => text.replace(/\[Ticket#\d+\]/g, ' ').replace(/^(\s*(re|fwd?|aw|ha|отв?)(\[\d+\])?:\s*)+/i, '').replace(/\s+/g, ' ').trim().toLowerCase()
  return Boolean(bare(subject)) && bare(subject) !== bare(ticket.title)
}

/** An address of ours as people know it: the signature that lets answers to a ticket find it says nothing to them. */
export const withoutToken = (email: string): string => email.replace(/\+\d+\.[a-z2-7]{16}@/i, '@')

const address = (person: { name: string; email: string }): string => (person.name ? `${person.name} <${person.email}>` : person.email)

const KINDS = ['mail', 'reply', 'forward', 'note', 'phone', 'web', 'auto', 'reminder']
const kindKey = (article: Article): Key => `kind_${KINDS.includes(article.kind) ? article.kind : 'mail'}` as Key
