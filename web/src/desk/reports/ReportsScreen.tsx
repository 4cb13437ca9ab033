import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { report, reportSheet } from '../../api/desk'
import { useQueues } from '../Queues'
import { useWords, type Key } from '../words'
import { Chart } from './Chart'
import { Figures } from './Figures'
import { day, lastDays } from './figures'
import { REPORTS, type ReportName } from './names'
import css from './reports.module.css'

export interface Asking {
  report?: ReportName
  from?: string
  to?: string
  queue?: string
  by?: 'queue'
}

const SPANS = [7, 30, 90, 365] as const

/** The owner's questions, answered as a picture and as figures. */
export function ReportsScreen() {
  const { t, explain, language } = useWords()
  const asking: Asking = useSearch({ from: '/reports' })
  const go = useNavigate({ from: '/reports' })
  const name = asking.report ?? 'days'
  const change = (part: Asking): void => void go({ search: { ...asking, ...part }, replace: true })
  const { report: _, ...wanted } = asking
  const { data, error, isFetching } = useQuery({ queryKey: ['report', name, wanted], queryFn: () => report(name, wanted), placeholderData: keepPreviousData })
  const shown = data?.name === name ? data : undefined
  return (
    <div className={css.page}>
      <title>{`${t(`report_${name}` as Key)} · Otklik`}</title>
      <h1>{t('reports')}</h1>
      <nav className={css.names} aria-label={t('reports')}>
        {REPORTS.map((each) => (
          <Link key={each} to="/reports" search={{ ...asking, report: each === 'days' ? undefined : each, by: undefined }} className="btn" aria-current={each === name ? 'page' : undefined}>{t(`report_${each}` as Key)}</Link>
        ))}
      </nav>
      <Span asking={asking} change={change} now={name === 'backlog'} byQueue={name === 'days'} />
      {error && !isFetching && <p className="notice bad" role="alert">{explain(error)}</p>}
      {shown && (
        <div aria-busy={isFetching}>
          <h2>{t(`report_${name}` as Key)}</h2>
          <p className="muted small">
            {name === 'backlog' ? t('report_now') : t('report_span', { from: day(shown.from, language), to: day(shown.to, language), zone: shown.zone })}
            {shown.about && ` ${t('report_about')}`}
          </p>
          <Chart report={shown} />
          {shown.rows.length ? <Figures report={shown} /> : <p className="empty">{t('report_empty')}</p>}
          <p className={css.take}>
            <a className="btn" href={reportSheet(name, wanted)} download>{t('as_sheet')}</a>
            <button className="btn" onClick={() => print()}>{t('print')}</button>
          </p>
        </div>
      )}
    </div>
  )
}

interface SpanProps {
  asking: Asking
  change: (part: Asking) => void
  now: boolean
  byQueue: boolean
}

function Span({ asking, change, now, byQueue }: SpanProps) {
  const { t } = useWords()
  const queues = useQueues().data?.queues ?? []
  const whole = lastDays(30)
  const { from = whole.from, to = whole.to } = asking
  const chosen = SPANS.find((days) => lastDays(days).from === from && lastDays(days).to === to)
  return (
    <div className={css.asking}>
      <label className="field">
        <span>{t('queue')}</span>
        <select className="input" value={asking.queue ?? ''} onChange={(event) => change({ queue: event.target.value || undefined })}>
          <option value="">{t('all_queues')}</option>
          {queues.map((queue) => (
            <option key={queue.name}>{queue.name}</option>
          ))}
        </select>
      </label>
      {!now && (
        <>
          <label className="field">
            <span>{t('span')}</span>
            <select className="input" value={chosen ?? ''} onChange={(event) => change(lastDays(Number(event.target.value)))}>
              {!chosen && <option value="">{t('span_other')}</option>}
              {SPANS.map((days) => (
                <option key={days} value={days}>{t('last_days', { count: days })}</option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{t('from_day')}</span>
            <input type="date" className="input" value={from} max={to} onChange={(event) => event.target.value && change({ from: event.target.value, to })} />
          </label>
          <label className="field">
            <span>{t('to_day')}</span>
            <input type="date" className="input" value={to} min={from} onChange={(event) => event.target.value && change({ from, to: event.target.value })} />
          </label>
        </>
      )}
      {byQueue && (
        <label className={css.check}>
          <input type="checkbox" checked={asking.by === 'queue'} onChange={(event) => change({ by: event.target.checked ? 'queue' : undefined })} />
          {t('each_queue')}
        </label>
      )}
    </div>
  )
}
