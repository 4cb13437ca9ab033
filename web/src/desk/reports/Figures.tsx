import { Link } from '@tanstack/react-router'
import type { ReportTable as Report } from '../../api/types'
import { useWords, type Key } from '../words'
import { word } from './Chart'
import { shown } from './figures'
import css from './reports.module.css'

const WORDS = new Set(['text', 'queue', 'day', 'agent', 'tag', 'outcome', 'topic', 'who', 'hour'])

/** All figures of a report; each that has tickets behind it leads to them. */
export function Figures({ report }: { report: Report }) {
  const { t, language } = useWords()
  const { columns, currency } = report
  const lines = report.rows.map((row, at) => ({ row, finds: report.finds[at] }))
  if (report.name === 'days') lines.reverse() // what was today is asked for first
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t(`report_${report.name}` as Key)}>
      <table className={css.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-number={!WORDS.has(column.kind) || undefined}>{t(`figure_${column.name}` as Key)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ row, finds }, at) => (
            <tr key={at}>
              {columns.map((column, n) => {
                const value = row[n] ?? null
                const find = value ? finds?.[n] : null
                const said = n === 0 && value === '' ? t('all_queues') : WORDS.has(column.kind) && typeof value === 'string' && column.kind !== 'day' ? word(value, column.kind, t) : shown(value, column.kind, language, currency)
                const Cell = n === 0 ? 'th' : 'td'
                return (
                  <Cell key={column.name} scope={n === 0 ? 'row' : undefined} data-number={!WORDS.has(column.kind) || undefined}>
                    {find ? <Link to="/search" search={{ q: find }}>{said}</Link> : said}
                  </Cell>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
