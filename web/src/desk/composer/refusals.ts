import { useLayoutEffect, useRef, useState } from 'react'
import { isMail, type Kind } from './opening'

/** What the desk refuses with a reason of its own; for each the composer says what to do. */
const TROUBLES = ['locked', 'lock_lost', 'newer_article', 'changed'] as const
export type Trouble = (typeof TROUBLES)[number]

export const isTrouble = (reason: string | undefined): reason is Trouble => TROUBLES.includes(reason as Trouble)

export interface Refusals {
  trouble: (kind: Kind) => Trouble | null
  problem: (kind: Kind) => string | null
  refused: (kind: Kind, trouble: Trouble) => void
  failed: (kind: Kind, problem: string) => void
  forget: () => void
}

interface Told {
  kind: Kind
  epoch: number | null
  trouble: Trouble | null
  problem: string | null
}

/** The last refusal, told where it belongs. What was refused under one lock is no trouble under the next. */
export function useRefusals(epoch: number | null): Refusals {
  const now = useRef(epoch)
  useLayoutEffect(() => void (now.current = epoch))
  const [told, setTold] = useState<Told | null>(null)
  const of = (kind: Kind): Told | null => (told && (told.kind === kind || (isMail(kind) && isMail(told.kind))) ? told : null)
  const trouble = (kind: Kind): Trouble | null => {
    const last = of(kind)
    return last && (/^lock/.test(last.trouble ?? '') ? last.epoch === epoch : true) ? last.trouble : null
  }
  return {
    trouble,
    problem: (kind) => of(kind)?.problem ?? null,
    refused: (kind, reason) => setTold({ kind, epoch: now.current, trouble: reason, problem: null }),
    failed: (kind, problem) => setTold({ kind, epoch: now.current, trouble: null, problem }),
    forget: () => setTold(null),
  }
}
