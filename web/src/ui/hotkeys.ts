/** Single keys outside of inputs, bound by their place on the keyboard: `j` works on a Russian layout too. */
import { useEffect, useRef } from 'react'

export type Keys = Partial<Record<string, (event: KeyboardEvent) => void>>

/** The name under which a key is bound: "j", "/", "?", "[", "Enter", "Ctrl+Enter"; null for what is never bound. */
export function nameOf(event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string | null {
  if (event.altKey) return null
  const name = plainName(event)
  if (!name) return null
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name
}

const BY_CODE: Record<string, string> = { BracketLeft: '[', BracketRight: ']', Enter: 'Enter', NumpadEnter: 'Enter', Escape: 'Escape' }

function plainName(event: Pick<KeyboardEvent, 'code' | 'key' | 'shiftKey'>): string | null {
  // A question mark is Shift+7 on a Russian keyboard, so for these two what was meant counts as well as the place.
  if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) return '?'
  if (event.key === '/' || event.code === 'Slash') return '/'
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  if (letter) return event.shiftKey ? letter : letter.toLowerCase()
  return BY_CODE[event.code] ?? null
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // A text that cannot be changed just now is no place for keys either: who types on there means no command.
  return target.isContentEditable || target.role === 'textbox' || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Binds while the component is on the page. Dialogs keep the keys to themselves. */
export function useHotkeys(keys: Keys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector('dialog[open]')) return
      const run = latest.current[nameOf(event) ?? '']
      if (!run) return
      event.preventDefault()
      run(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
