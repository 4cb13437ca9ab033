import { useEffect, useRef, useState, type ReactNode } from 'react'

interface Props {
  label: string
  shown: ReactNode
  children: ReactNode
}

/** A button with a few more behind it. Closed by Esc, by a click elsewhere, and by choosing. */
export function Dropdown({ label, shown, children }: Props) {
  const [open, setOpen] = useState(false)
  const all = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const elsewhere = (event: Event): void => void (all.current?.contains(event.target as Node) || setOpen(false))
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      setOpen(false)
      all.current?.querySelector('button')?.focus()
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('keydown', escape)
    }
  }, [open])
  return (
    <div className="dropdown" ref={all}>
      <button className="btn plain" aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)}>
        {shown}
      </button>
      {open && (
        <div className="panel" onClick={() => setOpen(false)}>
          {children}
        </div>
      )}
    </div>
  )
}
