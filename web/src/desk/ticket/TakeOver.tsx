import { useState } from 'react'
import type { Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { Dialog } from '../../ui/Dialog'
import { useAgentNames } from '../Queues'
import { useWords } from '../words'

/** Takes the lock from a colleague, after a question. */
export function TakeOver({ held, take }: { held: NonNullable<Ticket['lock']>; take: () => void }) {
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const [asking, setAsking] = useState(false)
  const times = { name: nameOf(held.agent), since: moment(held.since, language) }
  const close = (): void => setAsking(false)
  return (
    <>
      <button className="btn tiny" onClick={() => setAsking(true)}>{t('take_over')}</button>
      {asking && (
        <Dialog open close={close} title={t('take_over_title', times)} closeLabel={t('close_dialog')}>
          <p>{t('take_over_text', times)}</p>
          <p className="row" style={{ justifyContent: 'flex-end' }}>
            <button className="btn" onClick={close}>{t('cancel')}</button>
            <button className="btn primary" autoFocus onClick={() => (close(), take())}>{t('take_over')}</button>
          </p>
        </Dialog>
      )}
    </>
  )
}
