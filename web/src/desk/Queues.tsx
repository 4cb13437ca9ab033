import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { failedMails, queues } from '../api/desk'
import type { QueueInfo } from '../api/types'
import { useMe } from './Door'
import css from './queues.module.css'
import { useViews } from './search/views'
import { useWords } from './words'

export const useQueues = () => useQuery({ queryKey: ['queues'], queryFn: queues, refetchInterval: 20_000 })

/** People are called by their names where the desk tells them, by their logins else. */
export function useAgentNames(): (login: string) => string {
  // Each row of the list asks for them: what is there already is not fetched again, and new counts draw no row anew.
  const { data } = useQuery({ queryKey: ['queues'], queryFn: queues, staleTime: Infinity, select: ({ people }) => people })
  const me = useMe()
  return useMemo(() => {
    const names = new Map([[me.login, me.name], ...(data ?? []).map(({ login, name }) => [login, name] as const)])
    return (login) => names.get(login) || login
  }, [data, me.login, me.name])
}

/** The piles and one's own shelf; every number leads to its list. */
export function Queues() {
  const { t } = useWords()
  const me = useMe()
  const { data } = useQueues()
  const failed = useQuery({ queryKey: ['failed'], queryFn: failedMails, refetchInterval: 60_000, retry: false })
  const kept = useViews().views
  const all = data?.queues ?? []
  const sum = (count: keyof QueueInfo['counts']): number => all.reduce((total, queue) => total + queue.counts[count], 0)
  const waiting = failed.data?.failed_mails.length ?? 0
  return (
    <>
      <ul className={css.list}>
        <Entry search={{}} name={t('all_tickets')} count={sum('new') + sum('open') + sum('pending')} />
        <Entry search={{ owner: me.login }} name={t('my_tickets')} count={sum('mine')} />
        <Entry search={{ owner: 'none' }} name={t('unowned')} />
      </ul>
      <h2 className={css.title}>{t('queues')}</h2>
      <ul className={css.list}>
        {all.map((queue) => (
          <Entry key={queue.name} search={{ queue: queue.name }} name={leaf(queue.name)} depth={depth(queue.name)} fresh={queue.counts.new} count={queue.counts.new + queue.counts.open + queue.counts.pending} />
        ))}
      </ul>
      {kept.length > 0 && <h2 className={css.title}>{t('views')}</h2>}
      <ul className={css.list}>
        {kept.map((view) => (
          <li key={view.name}>
            <Link to="/search" search={{ q: view.q, sort: view.sort === 'relevance' ? undefined : view.sort }} className={css.entry} activeOptions={{ exact: true, includeSearch: true }} activeProps={{ 'aria-current': 'page' }}>
              <span className="cut grow">{view.name}</span>
            </Link>
          </li>
        ))}
      </ul>
      <h2 className={css.title}>{t('more')}</h2>
      <ul className={css.list}>
        <Place to="/search" name={t('search')} />
        <Place to="/reports" name={t('reports')} />
        <Entry search={{ state: 'closed' }} name={t('closed_tickets')} />
        <li>
          <Link to="/outbox" className={css.entry} activeProps={{ 'aria-current': 'page' }}>
            <span className="cut grow">{t('outbox')}</span>
          </Link>
        </li>
        <li>
          <Link to="/failed" className={css.entry} activeProps={{ 'aria-current': 'page' }}>
            <span className="cut grow">{t('failed_mails')}</span>
            {waiting > 0 && <span className="badge bad">{waiting}</span>}
          </Link>
        </li>
      </ul>
    </>
  )
}

interface EntryProps {
  search: { queue?: string; owner?: string; state?: string }
  name: string
  count?: number
  fresh?: number
  depth?: number
}

function Entry({ search, name, count, fresh, depth = 0 }: EntryProps) {
  const { t } = useWords()
  const active = { exact: true, includeSearch: true }
  return (
    <li>
      <Link to="/" search={search} className={css.entry} data-depth={depth} activeOptions={active} activeProps={{ 'aria-current': 'page' }}>
        <span className="cut grow">{name}</span>
        {fresh ? <span className="badge accent">{t('count_new', { count: fresh })}</span> : null}
        {count !== undefined && <span className={css.count}>{count}</span>}
      </Link>
    </li>
  )
}

function Place({ to, name }: { to: '/search' | '/reports'; name: string }) {
  return (
    <li>
      <Link to={to} className={css.entry} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
        <span className="cut grow">{name}</span>
      </Link>
    </li>
  )
}

const leaf = (name: string): string => name.split('::').at(-1)!
const depth = (name: string): number => Math.min(3, name.split('::').length - 1)
