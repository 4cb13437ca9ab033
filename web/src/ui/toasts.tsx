import { useSyncExternalStore } from 'react'

interface Toast {
  id: number
  text: string
  action?: { label: string; run: () => void }
}

let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function become(next: readonly Toast[]): void {
  toasts = next
  listeners.forEach((listener) => listener())
}

/** Says something in passing, maybe with one thing to do about it. */
export const say = (text: string, action?: Toast['action']): void => void sayFor(text, action ? 8000 : 5000, action)

/** As long as it is true; gives what ends it sooner. */
export function sayFor(text: string, lasts: number, action?: Toast['action']): () => void {
  const id = ++last
  become([...toasts.slice(-2), { id, text, action }])
  setTimeout(() => dismiss(id), lasts)
  return () => dismiss(id)
}

const dismiss = (id: number): void => become(toasts.filter((toast) => toast.id !== id))

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div className="toast" key={toast.id}>
          <span className="grow">{toast.text}</span>
          {toast.action && (
            <button className="btn tiny" onClick={() => (toast.action?.run(), dismiss(toast.id))}>
              {toast.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
