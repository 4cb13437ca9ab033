import { useState } from 'react'
import { factor } from '../api/desk'
import { Ask, Field } from './SignIn'
import { Dialog } from '../ui/Dialog'
import { say } from '../ui/toasts'
import { useWords } from './words'

type Step = { at: 'start' } | { at: 'code'; session: string; secret: string; uri: string } | { at: 'remove' }

/** Switches the second factor on (password, then the app's first code) or off (password and code). */
export function SecondFactor({ close }: { close: () => void }) {
  const { t } = useWords()
  const [step, setStep] = useState<Step>({ at: 'start' })
  const done = (told: string): void => (say(told), close())
  return (
    <Dialog open close={close} title={t('second_factor')} closeLabel={t('close_dialog')}>
      {step.at === 'start' && (
        <Ask
          button="go_on"
          run={async (of) => {
            const begun = await factor({ password: of('password') })
            setStep({ at: 'code', session: begun.session ?? '', secret: begun.secret ?? '', uri: begun.uri ?? '' })
          }}
        >
          <p className="muted">{t('factor_start')}</p>
          <Field name="password" label="password" type="password" autoComplete="current-password" autoFocus />
          <button type="button" className="link" onClick={() => setStep({ at: 'remove' })}>
            {t('factor_remove')}
          </button>
        </Ask>
      )}
      {step.at === 'code' && (
        <Ask
          button="factor_on"
          run={async (of) => {
            await factor({ session: step.session, code: of('code') })
            done(t('factor_is_on'))
          }}
        >
          <p className="muted">{t('factor_secret')}</p>
          <p className="mono" style={{ overflowWrap: 'anywhere' }}>{step.secret}</p>
          <a href={step.uri}>{t('factor_open_app')}</a>
          <Field name="code" label="code" inputMode="numeric" autoComplete="one-time-code" autoFocus />
        </Ask>
      )}
      {step.at === 'remove' && (
        <Ask
          button="factor_remove"
          run={async (of) => {
            await factor({ remove: true, password: of('password'), code: of('code') })
            done(t('factor_is_off'))
          }}
        >
          <Field name="password" label="password" type="password" autoComplete="current-password" autoFocus />
          <Field name="code" label="code" inputMode="numeric" autoComplete="one-time-code" />
        </Ask>
      )}
    </Dialog>
  )
}
