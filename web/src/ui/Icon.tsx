/** The drawn signs, 16 by 16. Always beside a text or inside something with a label of its own. */
const SIGNS = {
  lock: 'M4.5 7.5V5.2a3.5 3.5 0 0 1 7 0v2.3M3.5 7.5h9v6h-9z',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  forward: 'M6.5 3.5 11 8l-4.5 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  clip: 'M12.5 7.3 7.6 12a2.9 2.9 0 0 1-4-4.1l5.2-5a1.9 1.9 0 0 1 2.7 2.7l-5.1 5a1 1 0 0 1-1.4-1.4l4.4-4.3',
  plus: 'M8 3.2v9.6M3.2 8h9.6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.6A5.5 5.5 0 0 1 6.4 3 5.5 5.5 0 1 0 13 9.6Z',
  globe: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2ZM2 8h12M8 2c3.4 3.6 3.4 8.4 0 12M8 2c-3.4 3.6-3.4 8.4 0 12',
  person: 'M8 8.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM3 13.5c.5-2.5 2.4-3.8 5-3.8s4.5 1.3 5 3.8',
  phone: 'M5.6 2.5 3.5 3.2c-.3 5 4.3 9.6 9.3 9.3l.7-2.1-2.9-1.5-1.3 1.2A6 6 0 0 1 6 6.7l1.2-1.3Z',
  mail: 'M2.5 4h11v8.5h-11zM2.8 4.4 8 8.8l5.2-4.4',
  note: 'M3.5 2.5h9v7.5l-3 3.5h-6zM12.4 10h-3v3.3',
  warn: 'M8 2.5 14 13H2ZM8 6.5v3M8 11.3h.01',
  info: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 7.3v3.6M8 5.1h.01',
  clock: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 4.8V8l2.2 1.6',
  up: 'M8 12.5v-9M4.5 7 8 3.5 11.5 7',
  down: 'M8 3.5v9M4.5 9 8 12.5 11.5 9',
  send: 'M2.5 8 13.5 3 10 13.5 7.6 9.2ZM7.6 9.2l5.9-6.2',
  onward: 'M9.5 3.5 13.5 7.5 9.5 11.5M13 7.5H6.5a4 4 0 0 0-4 4v1',
  bold: 'M5 3.2h3.6a2.3 2.3 0 0 1 0 4.6H5zM5 7.8h4.2a2.5 2.5 0 0 1 0 5H5z',
  italic: 'M7 3.2h4M5 12.8h4M9.4 3.2 6.6 12.8',
  bullets: 'M3 4.5h.01M3 8h.01M3 11.5h.01M6.5 4.5h7M6.5 8h7M6.5 11.5h7',
  numbers: 'M2.4 3.4h1v3.2M2.2 9.6h1.6l-1.6 3h1.8M7 4.5h6.5M7 8h6.5M7 11.5h6.5',
  quote: 'M3 3.5v9M6.5 5h7M6.5 8h7M6.5 11h4.5',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
  block: 'M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10h2.5',
  link: 'M6.8 9.2a2.4 2.4 0 0 0 3.4 0l2.1-2.1a2.4 2.4 0 0 0-3.4-3.4l-.9.9M9.2 6.8a2.4 2.4 0 0 0-3.4 0L3.7 8.9a2.4 2.4 0 0 0 3.4 3.4l.9-.9',
  picture: 'M2.5 3.5h11v9h-11zM2.8 11.2l3.2-3 2.2 1.9 2.2-2.3 3 2.8M5.7 6.2h.01',
  plain: 'M4 3.5h8M8 3.5v9M3 13.5 13.5 3',
  merge: 'M3.5 3c0 4 4.5 3.2 4.5 7v3M12.5 3c0 4-4.5 3.2-4.5 7M6 11.2l2 2 2-2',
  keys: 'M2 4.5h12v7.5H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.7 7h.01M5.5 9.5h5',
} as const

export type Sign = keyof typeof SIGNS

export function Icon({ name }: { name: Sign }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={name === 'more' ? 2.2 : 1.4} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={SIGNS[name]} />
    </svg>
  )
}
