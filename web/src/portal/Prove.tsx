import { useState } from 'react'
import { askCode, proveCode } from '../api/portal'
import { Form } from './Form'
import { useWords } from './words'

/** Asks for the address, sends a code there, and takes it back. No password to remember. */
export function Prove({ onDone }: { onDone: () => void }) {
  const { t, language } = useWords()
  const [email, setEmail] = useState<string | null>(null)
  const ask = async (address: string): Promise<void> => {
    await askCode(address, language)
    setEmail(address)
  }
  return (
    <div className="card panel">
      <title>{t('your_tickets')}</title>
      <h1>{t('your_tickets')}</h1>
      {email === null ? (
        <Form key="email" button={t('send_code')} run={(of) => ask(of('email'))}>
          <p className="muted">{t('prove_hint')}</p>
          <label className="field">
            <span>{t('email')}</span>
            <input className="input" name="email" type="email" autoComplete="email" required autoFocus />
          </label>
        </Form>
      ) : (
        <Form key="code" button={t('go_on')} run={async (of) => (await proveCode(email, of('code')), onDone())}>
          <p className="muted">{t('code_hint', { email })}</p>
          <label className="field">
            <span>{t('code')}</span>
            <input className="input code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={12} required autoFocus />
          </label>
          <div className="row">
            <button type="button" className="link" onClick={() => void ask(email).catch(() => undefined)}>{t('another_code')}</button>
            <button type="button" className="link" onClick={() => setEmail(null)}>{t('another_address')}</button>
          </div>
        </Form>
      )}
    </div>
  )
}
