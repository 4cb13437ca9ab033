import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, type RefObject } from 'react'

const HASH = 'about'

export interface About {
  open: boolean
  show: () => void
  hide: () => void
  /** What has the focus when it opens, and when it closes. */
  first: RefObject<HTMLElement | null>
  opener: RefObject<HTMLButtonElement | null>
}

/** On a phone, what is about a ticket lies over its letters. It has an address of its own: Back closes it, as one expects there. */
export function useAbout(): About {
  const { history } = useRouter()
  const go = useNavigate()
  const open = useRouterState({ select: ({ location }) => location.hash === HASH })
  const first = useRef<HTMLElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const came = useRef(false)
  const was = useRef(false)
  useEffect(() => {
    if (open !== was.current) (open ? first : opener).current?.focus() // hidden ones, on a wide screen, do not take it
    was.current = open
    if (!open) came.current = false
  }, [open])
  return {
    open,
    first,
    opener,
    show: () => {
      came.current = true
      void go({ to: '.', hash: HASH, hashScrollIntoView: false })
    },
    hide: () => (came.current ? history.back() : void go({ to: '.', hash: '', replace: true, hashScrollIntoView: false })),
  }
}
