import { useWords, type Key } from '../words'
import css from './search.module.css'

const EXAMPLES: [string, Key][] = [
  ['invoice refund', 'says_words'],
  ['"paid twice"', 'says_phrase'],
  ['print*', 'says_prefix'],
  ['invoice -draft', 'says_without'],
  ['refund OR return', 'says_or'],
  ['queue:Support state:open', 'says_fields'],
  ['owner:none', 'says_owner'],
  ['customer:carla from:ivan', 'says_people'],
  ['tag:hardware priority:>3', 'says_tag'],
  ['created:2026-01..2026-03', 'says_span'],
  ['changed:7d', 'says_ago'],
  ['has:attachment file:contract', 'says_files'],
  ['number:20261123', 'says_number'],
]

/** How to ask, while nothing is asked; each example can be tried. */
export function Language({ use }: { use: (q: string) => void }) {
  const { t } = useWords()
  return (
    <section className={css.language} aria-label={t('search_language')}>
      <h2>{t('search_language')}</h2>
      <p className="muted">{t('search_where')}</p>
      <dl>
        {EXAMPLES.map(([example, means]) => (
          <div key={example}>
            <dt><button className="btn tiny mono" onClick={() => use(example)}>{example}</button></dt>
            <dd>{t(means)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
