import { useSyncExternalStore, type ReactNode } from 'react'

/** The portal's three addresses: /portal, /portal/new, /portal/tickets/NUMBER. Small enough to need no router. */
export const paths = {
  tickets: '/portal',
  opening: '/portal/new',
  ticket: (number: string): string => `/portal/tickets/${encodeURIComponent(number)}`,
}

export type Place = { at: 'tickets' } | { at: 'opening' } | { at: 'ticket'; number: string }

export function placeOf(path: string): Place {
  const number = /^\/portal\/tickets\/([^/]+)\/?$/.exec(path)?.[1]
  if (number) return { at: 'ticket', number: decodeURIComponent(number) }
  return { at: /^\/portal\/new\/?$/.test(path) ? 'opening' : 'tickets' }
}

const listeners = new Set<() => void>()

export function go(path: string): void {
  history.pushState(null, '', path)
  listeners.forEach((listener) => listener())
  scrollTo(0, 0)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('popstate', listener)
  }
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname)

export function Way({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  const follow = (event: React.MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={to} className={className} onClick={follow}>
      {children}
    </a>
  )
}
