import type { State } from '../api/types'
import { moment } from '../i18n/format'
import { useWords, type Key } from './words'

const KINDS: Record<string, string> = { new: 'accent', open: 'ok', pending: 'warn' }

export const stateKey = (state: string): Key => `state_${state.replace(/[ +-]/g, (sign) => ({ ' ': '_', '+': 'good', '-': 'bad' })[sign]!)}` as Key

export function StateBadge({ state, until }: { state: State; until: string | null }) {
  const { t, language } = useWords()
  const due = until ? t('until', { time: moment(until, language) }) : undefined
  return (
    <span className={`badge ${KINDS[state.split(' ')[0]!] ?? ''}`} title={due}>
      {t(stateKey(state))}
    </span>
  )
}
