import { useState, type FormEvent, type ReactNode } from 'react'
import { answerChallenge, forgotten, resetPassword, signIn } from '../api/desk'
import type { Challenge, Me, SignedIn } from '../api/types'
import { Brand, LanguageSwitch } from './Shell'
import css from './sign-in.module.css'
import { useWords, type Key } from './words'

type Step = { at: 'password' } | { at: 'challenge'; challenge: Challenge } | { at: 'forgotten' } | { at: 'reset'; login: string }

/** Name and password; then, where the desk asks, a code, a first password, or a new one for a forgotten one. */
export function SignIn({ failure, onDone }: { failure: string | null; onDone: (me: Me) => void }) {
  const { t } = useWords()
  const [step, setStep] = useState<Step>({ at: 'password' })
  const [told, setTold] = useState<string | null>(null)
  const go = (next: Step, say: string | null = null): void => (setStep(next), setTold(say))
  const answered = (answer: SignedIn): void =>
    answer.agent ? onDone(answer.agent) : go({ at: 'challenge', challenge: { challenge: answer.challenge ?? '', session: answer.session ?? '' } })
  return (
    <main className={css.page}>
      <title>{`${t('sign_in')} · Otklik`}</title>
      <div className={css.card}>
        <div className={css.brand}>
          <Brand />
        </div>
        {failure && <p className="notice bad" role="alert">{failure}</p>}
        {told && <p className="notice good" role="status">{told}</p>}
        {step.at === 'password' && <PasswordStep answered={answered} forgot={() => go({ at: 'forgotten' })} />}
        {step.at === 'challenge' && <ChallengeStep key={step.challenge.session} {...step} answered={answered} />}
        {step.at === 'forgotten' && (
          <ForgottenStep sent={(login) => go({ at: 'reset', login }, t('code_sent'))} back={() => go({ at: 'password' })} />
        )}
        {step.at === 'reset' && <ResetStep login={step.login} done={() => go({ at: 'password' }, t('password_changed'))} />}
      </div>
      <LanguageSwitch />
    </main>
  )
}

type Answered = (answer: SignedIn) => void

function PasswordStep({ answered, forgot }: { answered: Answered; forgot: () => void }) {
  const { t } = useWords()
  return (
    <Ask title="sign_in" button="sign_in" run={async (of) => answered(await signIn(of('login').trim(), of('password')))}>
      <Field name="login" label="login" autoComplete="username" autoFocus />
      <Field name="password" label="password" type="password" autoComplete="current-password" />
      <button type="button" className={`link ${css.aside}`} onClick={forgot}>
        {t('forgot_password')}
      </button>
    </Ask>
  )
}

/** Cognito's words: NEW_PASSWORD_REQUIRED for a first password, any other asks for a code. */
function ChallengeStep({ challenge, answered }: { challenge: Challenge; answered: Answered }) {
  const { t } = useWords()
  const first = /password/i.test(challenge.challenge)
  const run = async (of: (name: string) => string): Promise<void> =>
    answered(await answerChallenge({ ...challenge, ...(first ? { password: of('password') } : { code: of('code').trim() }) }))
  return (
    <Ask title={first ? 'first_password' : 'second_factor'} button="go_on" run={run}>
      <p className="muted small">{t(first ? 'first_password_hint' : 'second_factor_hint')}</p>
      {first ? (
        <Field name="password" label="new_password" type="password" autoComplete="new-password" autoFocus />
      ) : (
        <Field name="code" label="code" autoComplete="one-time-code" inputMode="numeric" autoFocus />
      )}
    </Ask>
  )
}

function ForgottenStep({ sent, back }: { sent: (login: string) => void; back: () => void }) {
  const { t } = useWords()
  const run = async (of: (name: string) => string): Promise<void> => {
    await forgotten(of('login').trim())
    sent(of('login').trim())
  }
  return (
    <Ask title="forgot_password" button="send_code" run={run}>
      <Field name="login" label="login" autoComplete="username" autoFocus />
      <button type="button" className={`link ${css.aside}`} onClick={back}>
        {t('back')}
      </button>
    </Ask>
  )
}

function ResetStep({ login, done }: { login: string; done: () => void }) {
  const run = async (of: (name: string) => string): Promise<void> => {
    await resetPassword(login, of('code').trim(), of('password'))
    done()
  }
  return (
    <Ask title="forgot_password" button="change_password" run={run}>
      <Field name="code" label="code" autoComplete="one-time-code" autoFocus />
      <Field name="password" label="new_password" type="password" autoComplete="new-password" />
    </Ask>
  )
}

interface AskProps {
  title?: Key
  button: Key
  run: (of: (name: string) => string) => Promise<void>
  children: ReactNode
}

export function Ask({ title, button, run, children }: AskProps) {
  const { t, explain } = useWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    try {
      await run((name) => String(data.get(name) ?? ''))
    } catch (failure) {
      setProblem(explain(failure))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" onSubmit={submit}>
      {title && <h1>{t(title)}</h1>}
      {children}
      {problem && <p className="problem" role="alert">{problem}</p>}
      <button className="btn primary" disabled={busy}>
        {t(button)}
      </button>
    </form>
  )
}

type FieldProps = { name: string; label: Key } & Omit<React.ComponentProps<'input'>, 'name'>

export function Field({ label, ...input }: FieldProps) {
  const { t } = useWords()
  return (
    <label className="field">
      <span>{t(label)}</span>
      <input className="input" required {...input} />
    </label>
  )
}
