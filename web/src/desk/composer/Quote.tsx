import { useState } from 'react'
import type { Article, DraftBody, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useWords } from '../words'
import css from './composer.module.css'
import type { Kind } from './opening'
import { quotable, quoted } from './quoting'

interface Props {
  kind: Kind
  ticket: Ticket
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
}

/** The letter that goes below the answer: folded, to be chosen, to be left out. */
export function Quote({ kind, ticket, draft, edit }: Props) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const articles = quotable(ticket, kind)
  const quote = quoted(kind, ticket, draft)
  if (!articles.length) return null
  const files = quote?.attachments.filter((file) => !file.quarantined).length ?? 0
  const again = quoted(kind, ticket, { text: '' }) ?? articles[0]!
  return (
    <div className={css.quote}>
      <label className={css.check}>
        <input type="checkbox" checked={Boolean(quote)} onChange={() => edit({ quote: quote ? null : again.id })} />
        {t(kind === 'forward' ? 'quote_forwarded' : 'quote_below')}
      </label>
      {quote && <Choice articles={articles} quote={quote} choose={(id) => edit({ quote: id })} />}
      {kind === 'forward' && files > 0 && <span className="muted small">{t('with_files', { count: files })}</span>}
      {quote && (
        <button className={`btn tiny ${css.dots}`} aria-label={t(open ? 'hide_quote' : 'show_quote')} aria-expanded={open} title={t(open ? 'hide_quote' : 'show_quote')} onClick={() => setOpen(!open)}>
          …
        </button>
      )}
      {quote && open && <blockquote className={css.quoted} tabIndex={0} aria-label={t('quoted_letter')}>{handedOn(kind, quote).trim()}</blockquote>}
    </div>
  )
}

/** As the desk does it: an answer quotes what he wrote himself, a forward hands on all of it. */
const handedOn = (kind: Kind, { text, fold }: Article): string => (kind === 'forward' || fold === null ? text : text.slice(0, fold))

function Choice({ articles, quote, choose }: { articles: Article[]; quote: Article; choose: (id: string) => void }) {
  const { t, language } = useWords()
  const named = (article: Article): string => `${article.from.name || article.from.email}, ${moment(article.at, language)}`
  if (articles.length === 1) return <span className="muted small cut">{named(quote)}</span>
  return (
    <select className={`input ${css.which}`} aria-label={t('quoted_letter')} value={quote.id} onChange={(event) => choose(event.target.value)}>
      {articles.map((article) => (
        <option key={article.id} value={article.id}>{named(article)}</option>
      ))}
    </select>
  )
}
