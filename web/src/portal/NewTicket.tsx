import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { openTicket } from '../api/portal'
import { AttachButton, UploadList, useUploads } from '../ui/attachments'
import { Form } from './Form'
import { Way, go, paths } from './paths'
import { useWords } from './words'

export function NewTicket() {
  const { t } = useWords()
  const cache = useQueryClient()
  const uploads = useUploads('/portal/uploads')
  const key = useRef(crypto.randomUUID())
  const open = async (title: string, text: string): Promise<void> => {
    const opened = await openTicket({ title, text, attachments: uploads.ids }, key.current)
    key.current = crypto.randomUUID()
    await cache.invalidateQueries({ queryKey: ['own'] })
    go(paths.ticket(opened.number))
  }
  return (
    <>
      <title>{t('new_ticket')}</title>
      <p>
        <Way to={paths.tickets}>← {t('your_tickets')}</Way>
      </p>
      <h1>{t('new_ticket')}</h1>
      <div className="panel said">
        <Form button={t('send')} busy={uploads.busy} left={<AttachButton uploads={uploads} />} run={(of) => open(of('title'), of('text'))}>
          <label className="field">
            <span>{t('subject')}</span>
            <input className="input" name="title" dir="auto" required maxLength={200} autoFocus />
          </label>
          <label className="field">
            <span>{t('what_happened')}</span>
            <textarea className="input" name="text" dir="auto" rows={9} required />
          </label>
          <UploadList uploads={uploads} />
        </Form>
      </div>
    </>
  )
}
