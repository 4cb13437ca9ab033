import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failedMails, failedRawUrl, retry } from '../api/desk'
import type { FailedMail } from '../api/types'
import { exactly, fileSize, moment } from '../i18n/format'
import { say } from '../ui/toasts'
import { MakeTicket } from './MakeTicket'
import { useTold } from './told'
import css from './failed.module.css'
import { useWords } from './words'

/** The mails that could not be taken in: why, and once more. None is lost. */
export function FailedMails() {
  const { t, explain } = useWords()
  const { data, error } = useQuery({ queryKey: ['failed'], queryFn: failedMails, refetchInterval: 30_000 })
  const mails = data?.failed_mails
  return (
    <div className={css.page}>
      <title>{`${t('failed_mails')} · Otklik`}</title>
      <h1>{t('failed_mails')}</h1>
      <p className="muted">{t('failed_mails_hint')}</p>
      {error && !data && <p className="notice bad" role="alert">{explain(error)}</p>}
      {mails?.length === 0 && <p className="empty">{t('no_failed_mails')}</p>}
      <ul className={css.list}>
        {mails?.map((mail) => (
          <Failed key={mail.id} mail={mail} />
        ))}
      </ul>
    </div>
  )
}

function Failed({ mail }: { mail: FailedMail }) {
  const told = useTold()
  const { t, language, explain } = useWords()
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const again = async (): Promise<void> => {
    setBusy(true)
    await retry(mail.id)
      .then(() => say(t('retrying')))
      .catch((failure) => say(explain(failure)))
    setBusy(false)
    await cache.invalidateQueries({ queryKey: ['failed'] })
  }
  return (
    <li className={`panel ${css.mail}`}>
      <div className="grow">
        <p className={css.subject}>{told(mail.reason)}</p>
        <p className="muted small">
          <time dateTime={mail.at} title={exactly(mail.at, language)}>{moment(mail.at, language)}</time>
          {` · ${fileSize(mail.size, language)} · `}
          <span className="mono">{mail.id}</span>
        </p>
      </div>
      <a className="btn" href={failedRawUrl(mail.id)}>{t('raw')}</a>
      <button className="btn" disabled={busy} onClick={() => void again()}>{t('again')}</button>
      <MakeTicket mail={mail} />
    </li>
  )
}
