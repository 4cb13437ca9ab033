import { sendAgain, undo } from '../../api/desk'
import type { Article, Delivery } from '../../api/types'
import { exactly } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useWords, type Key } from '../words'
import { useRefresh } from './changing'

export const LOOKS: Record<string, string> = { delivered: 'ok', due: 'warn', sending: 'warn', unknown: 'warn', delayed: 'warn', failed: 'bad', bounced: 'bad', complained: 'bad' }

/** What did not arrive, or of which nobody knows. */
const AGAIN = ['failed', 'unknown', 'bounced']

/** How far a mail has come; as long as it has not left, it can be stopped. */
export function DeliveryMark({ ticket, article, delivery }: { ticket: string; article: Article; delivery: Delivery }) {
  const { t, language, explain } = useWords()
  const refresh = useRefresh(ticket)
  const stop = async (): Promise<void> => {
    await undo(ticket, article.id)
      .then(() => say(t('mail_stopped')))
      .catch((failure) => say(explain(failure)))
    await refresh()
  }
  const again = async (): Promise<void> => {
    await sendAgain(ticket, article.id)
      .then(() => say(t('sent_again')))
      .catch((failure) => say(explain(failure)))
    await refresh()
  }
  const detail = [exactly(delivery.at, language), delivery.detail].filter(Boolean).join('\n')
  return (
    <>
      <span className={`badge ${LOOKS[delivery.state] ?? ''}`} title={detail}>
        {t(`delivery_${delivery.state}` as Key)}
      </span>
      {delivery.state === 'due' && <button className="btn tiny" onClick={() => void stop()}>{t('undo')}</button>}
      {article.sender === 'agent' && AGAIN.includes(delivery.state) && <button className="btn tiny" onClick={() => void again()}>{t('send_again')}</button>}
    </>
  )
}
