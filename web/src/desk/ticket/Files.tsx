import { attachmentUrl } from '../../api/desk'
import type { Article, Attachment } from '../../api/types'
import { fileSize } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { useWords } from '../words'
import css from './ticket.module.css'

export function Files({ ticket, article, files }: { ticket: string; article: Article; files: Attachment[] }) {
  const { t, language } = useWords()
  return (
    <ul className={css.files} aria-label={t('attachments')}>
      {files.map((file) => (
        <li key={file.n}>
          <a className="btn tiny" href={attachmentUrl(ticket, article.id, file.n)} title={file.content_type}>
            <Icon name="clip" />
            <span className="cut">{file.filename}</span>
            <span className="muted">{fileSize(file.size, language)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
