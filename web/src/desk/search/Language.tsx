import { useWords, type Key } from '../words'
import css from './search.module.css'

/** Each of them in English, in Russian, and what it means. */
const EXAMPLES: [string, string, Key][] = [
  ['invoice refund', 'счёт возврат', 'says_words'],
  ['"paid twice"', '"оплачено дважды"', 'says_phrase'],
  ['print*', 'печат*', 'says_prefix'],
  ['invoice -draft', 'счёт -черновик', 'says_without'],
  ['refund OR return', 'возврат ИЛИ обмен', 'says_or'],
  ['queue:Support state:open', 'очередь:Support состояние:открытые', 'says_fields'],
  ['owner:none', 'владелец:нет', 'says_owner'],
  ['customer:carla from:ivan', 'клиент:карла от:иван', 'says_people'],
  ['tag:hardware priority:>3', 'метка:оборудование приоритет:>3', 'says_tag'],
  ['created:2026-01..2026-03', 'создано:2026-01..2026-03', 'says_span'],
  ['changed:7d', 'изменено:7д', 'says_ago'],
  ['has:attachment file:contract', 'есть:вложение файл:договор', 'says_files'],
  ['number:20261123', 'номер:20261123', 'says_number'],
]

/** How to ask, while nothing is asked or found; each example can be tried. */
export function Language({ use }: { use: (q: string) => void }) {
  const { t, language } = useWords()
  return (
    <section className={css.language} aria-label={t('search_language')}>
      <h2>{t('search_language')}</h2>
      <p className="muted">{t('search_where')}</p>
      <dl>
        {EXAMPLES.map(([english, russian, means]) => {
          const example = language === 'ru' ? russian : english
          return (
            <div key={means}>
              <dt><button className="btn tiny mono" onClick={() => use(example)}>{example}</button></dt>
              <dd>{t(means)}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
