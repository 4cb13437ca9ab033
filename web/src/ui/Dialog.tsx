import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { Icon } from './Icon'

interface Props {
  open: boolean
  close: () => void
  title: string
  closeLabel: string
  children: ReactNode
}

/** The browser's own dialog: it keeps the focus, closes on Esc, and gives the focus back. */
export function Dialog({ open, ...inside }: Props) {
  return open ? <Opened {...inside} /> : null
}

function Opened({ close, title, closeLabel, children }: Omit<Props, 'open'>) {
  const dialog = useRef<HTMLDialogElement>(null)
  const label = useId()
  // What is inside comes when the dialog is open: before, nothing in it can have the focus (`autoFocus`).
  const [ready, setReady] = useState(false)
  // Before the dialog leaves the page, or nobody gets the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    setReady(true)
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={label} onCancel={close} onClick={(event) => event.target === dialog.current && close()}>
      <div className="dialog-body">
        <div className="row">
          <h2 id={label} className="grow">{title}</h2>
          <button className="btn plain icon" aria-label={closeLabel} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {ready && children}
      </div>
    </dialog>
  )
}
