import { useState } from 'react'
import { attachmentUrl } from '../../api/desk'
import type { Article, Attachment } from '../../api/types'
import { fileSize, moment } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { useWords } from '../words'
import css from './ticket.module.css'

/** More than so many hide the next letter; then some stand for all. */
const MANY = 8
const SOME = 5

export function Files({ ticket, article, files }: { ticket: string; article: Article; files: Attachment[] }) {
  const { t, language } = useWords()
  const [all, setAll] = useState(files.length <= MANY)
  return (
    <ul className={css.files} aria-label={t('attachments')}>
      {(all ? files : files.slice(0, SOME)).map((file) => (
        <li key={file.n}>
          {file.quarantined ? (
            <span className={`badge bad ${css.quarantined}`} title={t('quarantined_why')}>
              <Icon name="warn" />
              <span className="cut" dir="auto">{file.filename}</span>
              <span>{t('quarantined')}</span>
            </span>
          ) : (
            <a className="btn tiny" href={attachmentUrl(ticket, article.id, file.n)} title={file.content_type}>
              <Icon name="clip" />
              <span className="cut" dir="auto">{file.filename}</span>
              <span className="muted">{fileSize(file.size, language)}</span>
              {file.link_until && <span className="badge" title={t('left_as_link')}>{t(Date.parse(file.link_until) > Date.now() ? 'link_until' : 'link_ended', { time: moment(file.link_until, language) })}</span>}
            </a>
          )}
        </li>
      ))}
      {!all && (
        <li>
          <button className="btn tiny" aria-expanded={false} onClick={() => setAll(true)}>{t('all_files', { count: files.length })}</button>
        </li>
      )}
      {files.some((file) => file.quarantined) && <li className="small">{t('quarantined_why')}</li>}
    </ul>
  )
}
