import { Link } from '@tanstack/react-router'
import { useWords } from './words'

export function NoSuchPage() {
  const { t } = useWords()
  return (
    <p className="empty">
      {t('no_such_page')} <Link to="/">{t('to_the_list')}</Link>
    </p>
  )
}
