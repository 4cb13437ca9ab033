import { useState } from 'react'
import { factor } from '../api/desk'
import type { FactorShown } from '../api/types'
import { Dialog } from '../ui/Dialog'
import { say } from '../ui/toasts'
import { Ask, Field } from './SignIn'
import { useWords, type Key } from './words'

type Step = { at: 'start' } | { at: 'code'; begun: FactorShown } | { at: 'remove' }

/** Switches the second factor on (password, then the app's first code) or off (password and code). */
export function SecondFactor({ close }: { close: () => void }) {
  const { t } = useWords()
  const [step, setStep] = useState<Step>({ at: 'start' })
  const done = (told: Key): void => (say(t(told)), close())
  return (
    <Dialog open close={close} title={t('second_factor')} closeLabel={t('close_dialog')}>
      {step.at === 'start' && <Start begun={(begun) => setStep({ at: 'code', begun })} remove={() => setStep({ at: 'remove' })} />}
      {step.at === 'code' && <Code begun={step.begun} done={() => done('factor_is_on')} />}
      {step.at === 'remove' && <Remove done={() => done('factor_is_off')} />}
    </Dialog>
  )
}

function Start({ begun, remove }: { begun: (begun: FactorShown) => void; remove: () => void }) {
  const { t } = useWords()
  return (
    <Ask button="go_on" run={async (of) => begun(await factor({ password: of('password') }))}>
      <p className="muted">{t('factor_start')}</p>
      <Field name="password" label="password" type="password" autoComplete="current-password" autoFocus />
      <button type="button" className="link" onClick={remove}>
        {t('factor_remove')}
      </button>
    </Ask>
  )
}

function Code({ begun, done }: { begun: FactorShown; done: () => void }) {
  const { t } = useWords()
  return (
    <Ask button="factor_on" run={async (of) => (await factor({ session: begun.session, code: of('code') }), done())}>
      <p className="muted">{t('factor_secret')}</p>
      <p className="mono" style={{ overflowWrap: 'anywhere' }}>{begun.secret}</p>
      {begun.uri && <a href={begun.uri}>{t('factor_open_app')}</a>}
      <Field name="code" label="code" inputMode="numeric" autoComplete="one-time-code" autoFocus />
    </Ask>
  )
}

function Remove({ done }: { done: () => void }) {
  return (
    <Ask button="factor_remove" run={async (of) => (await factor({ remove: true, password: of('password'), code: of('code') }), done())}>
      <Field name="password" label="password" type="password" autoComplete="current-password" autoFocus />
      <Field name="code" label="code" inputMode="numeric" autoComplete="one-time-code" />
    </Ask>
  )
}
