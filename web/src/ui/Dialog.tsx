import { useEffect, useId, useRef, type ReactNode } from 'react'
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
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
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
        {children}
      </div>
    </dialog>
  )
}
