import type { Article, Report, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { useTold } from '../told'
import { useWords, type Key } from '../words'
import css from './ticket.module.css'

const TROUBLES = ['bounced', 'complained', 'failed', 'delayed', 'unknown']

/** What a bounce, a delay or a complaint says, and of which mail. */
export function ReportCard({ ticket, report }: { ticket: Ticket; report: Report }) {
  const { t, language } = useWords()
  const about = ticket.articles.find((each) => each.id === report.of)
  return (
    <div className={css.report} data-kind={report.kind}>
      <p>
        <Icon name="warn" />
        <strong>{t(`report_${report.kind}` as Key)}</strong>
        {about && <a href={`#article-${about.seq}`} onClick={(event) => goTo(event, about)}>{t('report_of', { time: moment(about.at, language) })}</a>}
      </p>
      <Recipients report={report} />
    </div>
  )
}

/** The same, at the mail that it is about. */
export function Undelivered({ ticket, article }: { ticket: Ticket; article: Article }) {
  const { t } = useWords()
  const told = useTold()
  const by = ticket.articles.findLast((each) => each.report?.of === article.id)
  const words = undelivered(article, by)
  if (!words) return null
  return (
    <div className={css.report} data-kind={by?.report?.kind ?? article.delivery?.state}>
      <p>
        <Icon name="warn" />
        <strong>{t(words)}</strong>
        {by && <a href={`#article-${by.seq}`} onClick={(event) => goTo(event, by)}>{t('report_see')}</a>}
      </p>
      {by?.report?.recipients.length ? <Recipients report={by.report} /> : article.delivery?.detail && <p className="small">{told(article.delivery.detail)}</p>}
    </div>
  )
}

/** What is wrong with a mail of ours, if anything: its own state says so, or (`by`) only a report that the desk does not believe. */
export function undelivered({ delivery }: Article, by: Article | undefined): Key | null {
  if (delivery && TROUBLES.includes(delivery.state)) return `delivery_${delivery.state}_words` as Key
  if (!by?.report || delivery && delivery.at > by.at) return null // sent again since
  return by.report.kind === 'delay' ? 'report_delay' : 'report_unproven' // what was delivered to one may be late for another
}

function Recipients({ report }: { report: Report }) {
  const { t } = useWords()
  return (
    <ul>
      {report.recipients.map((each) => (
        <li key={each.email}>
          <span className="mono">{each.email}</span>
          {each.status && <span className={`badge ${each.permanent ? 'bad' : 'warn'}`} title={t(each.permanent ? 'report_permanent' : 'report_passing')}>{each.status}</span>}
          <span>{each.sentence}</span>
        </li>
      ))}
    </ul>
  )
}

function goTo(event: React.MouseEvent, article: Article): void {
  event.preventDefault()
  document.getElementById(`article-${article.seq}`)?.scrollIntoView({ block: 'start' })
}
