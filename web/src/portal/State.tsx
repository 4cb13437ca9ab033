import { useWords } from './words'

/** Customers need three words only: being worked on, waiting for you, done. */
export function State({ state }: { state: string }) {
  const { t } = useWords()
  if (/^(closed|merged|removed)/.test(state)) return <span className="badge">{t('state_done')}</span>
  if (state.startsWith('pending auto')) return <span className="badge warn">{t('state_waiting')}</span>
  return <span className="badge ok">{t('state_working')}</span>
}
