import { useState, type FormEvent, type ReactNode } from 'react'
import { useWords } from './words'

type Of = (name: string) => string

interface Props {
  button: string
  busy?: boolean
  run: (of: Of, form: HTMLFormElement) => Promise<void>
  left?: ReactNode
  children: ReactNode
}

/** A form that runs one request, shows its refusal, and keeps what was typed. Its button is not disabled meanwhile: it would lose the focus. */
export function Form({ button, busy = false, run, left, children }: Props) {
  const { explain } = useWords()
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (running) return
    const form = event.currentTarget
    const typed = new FormData(form)
    setRunning(true)
    setProblem(null)
    try {
      await run((name) => String(typed.get(name) ?? '').trim(), form)
    } catch (failure) {
      setProblem(explain(failure))
    } finally {
      setRunning(false)
    }
  }
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      {problem && <p className="problem" role="alert">{problem}</p>}
      <div className="row">
        {left}
        <span className="grow" />
        <button className="btn primary" disabled={busy} aria-disabled={running || undefined}>
          {button}
        </button>
      </div>
    </form>
  )
}
