import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { attachmentUrl, ticket, write } from '../api/portal'
import type { OwnArticle, OwnTicket as Own } from '../api/types'
import { exactly, fileSize, moment } from '../i18n/format'
import { folded as hidden } from '../mail/folded'
import { AttachButton, UploadList, useUploads } from '../ui/attachments'
import { Icon } from '../ui/Icon'
import { Linked } from '../ui/Linked'
import { Form } from './Form'
import { State } from './State'
import { Way, paths } from './paths'
import { useWords } from './words'

export function OwnTicket({ number }: { number: string }) {
  const { t, explain } = useWords()
  const { data, error } = useQuery({ queryKey: ['own', number], queryFn: () => ticket(number), refetchInterval: 20_000 })
  if (error && !data) {
    return (
      <p className="empty">
        {explain(error)} <Way to={paths.tickets}>{t('your_tickets')}</Way>
      </p>
    )
  }
  if (!data) return <p className="empty" role="status">{t('loading')}</p>
  return <Shown number={number} data={data} />
}

/** So many letters stand on a screen; with more, the newest one is a click away. */
const FEW = 4

const showLast = (letters: HTMLOListElement | null): void => {
  const last = letters?.lastElementChild as HTMLElement | null | undefined
  last?.scrollIntoView({ block: 'start' })
  last?.focus({ preventScroll: true })
}

function Shown({ number, data }: { number: string; data: Own }) {
  const { t } = useWords()
  const letters = useRef<HTMLOListElement>(null)
  const ended = /^(merged|removed)/.test(data.state)
  return (
    <article className="stack" aria-labelledby="title">
      <title>{`${data.title} · ${number}`}</title>
      <p>
        <Way to={paths.tickets}>← {t('your_tickets')}</Way>
      </p>
      <h1 id="title" dir="auto" title={data.title}>{data.title || t('no_subject')}</h1>
      <p className="row">
        <State state={data.state} />
        <span className="muted mono">{number}</span>
        <span className="grow" />
        {data.articles.length > FEW && (
          <button className="link" onClick={() => showLast(letters.current)}>
            {t('to_the_last')} ↓
          </button>
        )}
      </p>
      <ol className="stack" ref={letters}>
        {data.articles.map((article) => (
          <Said key={article.id} number={number} article={article} mine={wroteIt(data, article)} />
        ))}
      </ol>
      {!ended && <Answer number={number} closed={data.state.startsWith('closed')} />}
    </article>
  )
}

/** Nobody is told that he said what a colleague has said, or somebody in his name. */
const wroteIt = ({ customer }: Own, { sender, from, doubt }: OwnArticle): boolean => sender === 'customer' && from.email === customer.email && doubt !== 'forged'

function Said({ number, article, mine }: { number: string; article: OwnArticle; mine: boolean }) {
  const { t, language } = useWords()
  const [folded, setFolded] = useState(true)
  const folds = article.fold !== null && article.fold !== undefined && article.fold < article.text.length
  // The text alone is shown: a picture that the desk has put into its letter must be found beside it.
  const files = article.attachments.filter((file) => !file.inline || article.sender !== 'customer')
  return (
    <li className="panel said" tabIndex={-1} data-mine={mine || undefined}>
      <p className="row small">
        <strong dir="auto">{mine ? t('you') : article.from.name || article.from.email || t('support')}</strong>
        <span className="grow" />
        <time className="muted" dateTime={article.at} title={exactly(article.at, language)}>{moment(article.at, language)}</time>
      </p>
      {article.doubt === 'forged' && <p className="notice warn">{t('doubt_forged', { domain: article.from.email.split('@').pop()! })}</p>}
      <div className="text">
        <Linked text={folds && folded ? article.text.slice(0, article.fold!).trimEnd() : article.text} />
      </div>
      {folds && (
        <button className="link" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          {t(`${folded ? 'show' : 'hide'}_${hidden(article)}`)}
        </button>
      )}
      {files.length > 0 && (
        <ul className="row" aria-label={t('attachments')}>
          {files.map((file) => (
            <li key={file.n}>
              {file.quarantined ? (
                <span className="badge bad">{t('quarantined', { name: file.filename })}</span>
              ) : (
                <a className="btn tiny" href={attachmentUrl(number, article.id, file.n)}>
                  <Icon name="clip" />
                  <span className="cut" dir="auto">{file.filename}</span>
                  <span className="muted">{fileSize(file.size, language)}</span>
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

/** The keys go on from what tells that it has arrived. */
const focused = (notice: HTMLElement | null): void => notice?.focus()

function Answer({ number, closed }: { number: string; closed: boolean }) {
  const { t } = useWords()
  const cache = useQueryClient()
  const uploads = useUploads('/portal/uploads')
  const [done, setDone] = useState(false)
  const key = useRef(crypto.randomUUID())
  const send = async (text: string, form: HTMLFormElement): Promise<void> => {
    await write(number, { text, attachments: uploads.ids }, key.current)
    key.current = crypto.randomUUID()
    form.reset()
    uploads.become([])
    setDone(true)
    await cache.invalidateQueries({ queryKey: ['own'] })
  }
  return (
    <div className="panel said">
      <Form button={t('send')} busy={uploads.busy} left={<AttachButton uploads={uploads} />} run={(of, form) => send(of('text'), form)}>
        <label className="field">
          <span>{t('your_answer')}</span>
          <textarea className="input" name="text" dir="auto" rows={5} required onChange={() => setDone(false)} placeholder={closed ? t('opens_again') : undefined} />
        </label>
        <UploadList uploads={uploads} />
        {done && <p className="notice good" role="status" tabIndex={-1} ref={focused}>{t('answer_received')}</p>}
      </Form>
    </div>
  )
}
