import type { Article, Doubt } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { useWords } from '../words'
import css from './ticket.module.css'

/** What SES could not confirm about who wrote the letter, before anybody believes it. */
export function DoubtNote({ article }: { article: Article }) {
  const { t } = useWords()
  if (!article.doubt || article.sender !== 'customer') return null
  const { email } = article.from
  if (article.doubt === 'unproven') return <p className={`${css.fate} muted small`}>{t('doubt_unproven', { email })}</p>
  return (
    <div className={css.report} data-kind="forged" role="note">
      <p>
        <Icon name="warn" />
        <strong>{t('doubt_forged', { domain: domainOf(email) })}</strong>
      </p>
    </div>
  )
}

/** The same in two words. */
export function DoubtBadge({ doubt }: { doubt: Doubt | null }) {
  const { t } = useWords()
  if (!doubt) return null
  return <span className={`badge ${doubt === 'forged' ? 'bad' : 'warn'}`}>{t(`doubt_${doubt}_short`)}</span>
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1)
