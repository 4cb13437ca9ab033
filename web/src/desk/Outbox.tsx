import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { outbox } from '../api/desk'
import type { OutboxMail } from '../api/types'
import { exactly, moment } from '../i18n/format'
import css from './failed.module.css'
import { LOOKS } from './ticket/DeliveryMark'
import { useDeliveryWords } from './ticket/leaving'
import { useTold } from './told'
import { useWords } from './words'

/** The mails that wait to leave, are on their way, or did not arrive; each leads to its ticket. */
export function Outbox() {
  const { t, explain } = useWords()
  const { data, error } = useQuery({ queryKey: ['outbox'], queryFn: outbox, refetchInterval: 20_000 })
  return (
    <div className={css.page}>
      <title>{`${t('outbox')} · Otklik`}</title>
      <h1>{t('outbox')}</h1>
      <p className="muted">{t('outbox_hint')}</p>
      {error && !data && <p className="notice bad" role="alert">{explain(error)}</p>}
      {data?.mails.length === 0 && <p className="empty">{t('outbox_empty')}</p>}
      <ul className={css.list}>
        {data?.mails.map((mail) => (
          <Leaving key={`${mail.number}-${mail.article}`} mail={mail} />
        ))}
      </ul>
    </div>
  )
}

function Leaving({ mail }: { mail: OutboxMail }) {
  const { t, language } = useWords()
  const words = useDeliveryWords()
  const told = useTold()
  const { state, at, detail, not_before } = mail.delivery
  const when = mail.stays ? at : (not_before ?? at)
  return (
    <li className={`panel ${css.mail}`}>
      <div className="grow">
        <p className={css.subject}>
          <Link to="/tickets/$number" params={{ number: mail.number }} dir="auto">{mail.subject}</Link>
        </p>
        <p className="muted small">
          <time dateTime={when} title={exactly(when, language)}>{moment(when, language)}</time>
          {` · ${mail.queue} · → ${mail.to.map((each) => each.email).join(', ')}`}
        </p>
        {mail.stays && <p className="small">{t('leaves_not')}</p>}
        {detail && <p className="small">{told(detail)}</p>}
      </div>
      <span className={`badge ${mail.stays ? '' : (LOOKS[state] ?? '')}`}>{mail.stays ? t('delivery_cancelled') : words(mail.delivery)}</span>
    </li>
  )
}
