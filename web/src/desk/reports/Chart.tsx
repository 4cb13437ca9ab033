import type { ReportTable as Report } from '../../api/types'
import { useWords, type Key } from '../words'
import { day, shown, weekday } from './figures'
import css from './reports.module.css'

/** The picture of a report; all of its figures stand in the table below it. */
export function Chart({ report }: { report: Report }) {
  if (!report.rows.length) return null
  if (report.name === 'days' && report.columns.length === 4) return <Days report={report} />
  if (report.name === 'hours') return <Hours report={report} />
  return <Bars report={report} />
}

const WIDTH = 900
const HEIGHT = 220
const LEFT = 40
const BOTTOM = 22

/** What came in and what was closed, side by side, and what was open as a line. */
function Days({ report }: { report: Report }) {
  const { t, language } = useWords()
  const rows = report.rows as [string, number, number, number][]
  const top = nice(Math.max(1, ...rows.flatMap(([, came, went, open]) => [came, went, open])))
  const step = (WIDTH - LEFT) / rows.length
  const y = (value: number): number => (HEIGHT - BOTTOM) * (1 - value / top) + 4
  const bar = Math.max(0.5, Math.min(14, step / 2 - 1))
  const line = rows.map(([, , , open], n) => `${LEFT + n * step + step / 2},${y(open)}`).join(' ')
  const labelled = Math.ceil(rows.length / 8)
  return (
    <figure className={css.figure} tabIndex={0}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`} role="img" aria-label={t('chart_days', { from: day(report.from, language), to: day(report.to, language) })}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} className={css.grid} />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" className={css.axis}>{shown(value, 'count', language, '')}</text>
          </g>
        ))}
        {rows.map(([date, came, went], n) => (
          <g key={date}>
            <rect x={LEFT + n * step + step / 2 - bar} width={bar} y={y(came)} height={y(0) - y(came)} className={css.came} />
            <rect x={LEFT + n * step + step / 2} width={bar} y={y(went)} height={y(0) - y(went)} className={css.went} />
            {n % labelled === 0 && <text x={LEFT + n * step + step / 2} y={HEIGHT + 4} textAnchor={n ? 'middle' : 'start'} className={css.axis}>{date.slice(5)}</text>}
          </g>
        ))}
        <polyline points={line} className={css.open} />
      </svg>
      <figcaption className={css.legend}>
        <span className={css.keyCame}>{t('figure_in')}</span>
        <span className={css.keyWent}>{t('figure_closed')}</span>
        <span className={css.keyOpen}>{t('figure_open')}</span>
      </figcaption>
    </figure>
  )
}

/** The week as a grid: the darker, the more. */
function Hours({ report }: { report: Report }) {
  const { t, language } = useWords()
  const rows = report.rows as [number, number][]
  const top = Math.max(1, ...rows.map(([, count]) => count))
  return (
    <figure className={css.figure} tabIndex={0}>
      <svg viewBox="0 0 640 190" role="img" aria-label={t('chart_hours')}>
        {rows.map(([hour, count]) => (
          <rect key={hour} x={44 + (hour % 24) * 24.5} y={Math.floor(hour / 24) * 23} width={22.5} height={21} rx={3} className={css.cell} style={{ fillOpacity: count ? 0.12 + (0.88 * count) / top : 0.04 }}>
            <title>{`${shown(hour, 'hour', language, '')}: ${count}`}</title>
          </rect>
        ))}
        {[0, 1, 2, 3, 4, 5, 6].map((n) => (
          <text key={n} x={36} y={n * 23 + 15} textAnchor="end" className={css.axis}>{weekday(n, language)}</text>
        ))}
        {[0, 6, 12, 18].map((n) => (
          <text key={n} x={44 + n * 24.5} y={180} className={css.axis}>{`${n}:00`}</text>
        ))}
      </svg>
    </figure>
  )
}

const MOST = 12
const MAIN = ['open', 'minutes', 'count', 'solution_median', 'in']

/** The rows by their main figure. */
function Bars({ report }: { report: Report }) {
  const { t, language } = useWords()
  const main = MAIN.map((name) => report.columns.findIndex((column) => column.name === name)).find((at) => at >= 0) ?? 1
  const labels = report.columns.map((column, n) => ({ ...column, n })).filter((column) => column.n < main && !NUMBERS.has(column.kind))
  const rows = report.rows.filter((row) => Number(row[main]) > 0).slice(0, MOST)
  if (!rows.length) return null
  const top = Math.max(...rows.map((row) => Number(row[main])))
  const kind = report.columns[main]!.kind
  const name = (row: Report['rows'][number]): string => labels.map(({ n, kind }) => word(row[n] ?? '', kind, t)).filter(Boolean).join(' · ') || t('all_queues')
  return (
    <figure className={css.figure} tabIndex={0}>
      <svg viewBox={`0 0 ${WIDTH} ${rows.length * 24}`} role="img" aria-label={t('chart_bars', { what: t(`figure_${report.columns[main]!.name}` as Key) })}>
        {rows.map((row, n) => (
          <g key={n}>
            <text x={300} y={n * 24 + 16} textAnchor="end" className={css.axis}>{cut(name(row))}</text>
            <rect x={308} y={n * 24 + 4} height={16} rx={2} width={Math.max(2, ((WIDTH - 420) * Number(row[main])) / top)} className={css.came} />
            <text x={314 + Math.max(2, ((WIDTH - 420) * Number(row[main])) / top)} y={n * 24 + 16} className={css.axis}>{shown(row[main]!, kind, language, report.currency)}</text>
          </g>
        ))}
      </svg>
    </figure>
  )
}

const NUMBERS = new Set(['count', 'seconds', 'minutes', 'money', 'share', 'age'])

/** Some words are the desk's own and have a translation: which outcome, what kind of topic, who. */
export function word(value: string | number, kind: string, t: (key: Key) => string): string {
  if (kind === 'outcome' || kind === 'topic' || kind === 'who') return t(`what_${value}` as Key)
  return String(value)
}

const cut = (text: string): string => (text.length > 44 ? `${text.slice(0, 43)}…` : text)

/** A round number that is not smaller, to divide an axis by. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 10].map((n) => n * power).find((round) => round >= value && (round >= 2 || round === value)) ?? 10 * power
}
