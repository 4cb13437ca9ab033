import { linked } from './linked'

/** Plain text whose web addresses can be followed; where they lead learns neither from where, nor gets a hold of this page. */
export function Linked({ text }: { text: string }) {
  return linked(text).map((part, index) =>
    part.link ? (
      <a key={index} href={part.text} target="_blank" rel="noopener noreferrer nofollow">{part.text}</a>
    ) : (
      part.text
    ),
  )
}
