import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { search } from '../../api/desk'
import type { Found } from '../../api/types'
import { useHotkeys } from '../../ui/hotkeys'
import { place } from '../list/place'
import { useWords, type Key } from '../words'
import { Hit } from './Hit'
import { Language } from './Language'
import { SaveView } from './SaveView'
import { SearchBox } from './SearchBox'
import css from './search.module.css'

export interface Looking {
  q?: string
  sort?: string
}

export const SORTS: [string, Key][] = [
  ['relevance', 'sort_relevance'],
  ['-changed', 'sort_changed'],
  ['-created', 'sort_newest'],
  ['created', 'sort_oldest'],
  ['-closed_at', 'sort_closed'],
  ['-priority', 'priority'],
  ['title', 'subject'],
  ['customer', 'sender'],
  ['queue', 'queue'],
  ['state', 'state'],
  ['owner', 'owner'],
  ['number', 'number'],
  ['-time_units', 'time_spent'],
]

/** Everything that was ever said, found by what stands in the address bar. */
export function SearchScreen() {
  const { t, explain } = useWords()
  const looking: Looking = useSearch({ from: '/search' })
  const go = useNavigate({ from: '/search' })
  const change = (part: Looking): void => void go({ search: { ...looking, ...part }, replace: true })
  const found = useFound(looking)
  const { first } = found
  useSteps(found.hits)
  const results = usePlace(`${looking.q} ${looking.sort}`, found.hits.length > 0)
  return (
    <div className={css.screen}>
      <title>{`${looking.q || t('search')} · Otklik`}</title>
      <h1 className="hidden">{t('search')}</h1>
      <div className={css.tools} role="search">
        <SearchBox value={looking.q ?? ''} set={(q) => change({ q: q || undefined })} />
        <select className="input" aria-label={t('sorted_by')} value={looking.sort ?? 'relevance'} onChange={(event) => change({ sort: event.target.value === 'relevance' ? undefined : event.target.value })}>
          {SORTS.map(([sort, word]) => (
            <option key={sort} value={sort}>{t(word)}</option>
          ))}
        </select>
        {looking.q && <SaveView looking={looking} />}
        <span className={css.count} role="status">
          {looking.q && first && !first.problems.length && t(first.exact ? 'found_tickets' : 'found_about', { count: first.total })}
        </span>
      </div>
      <div className={css.results} ref={results} onScroll={(event) => (left.offset = event.currentTarget.scrollTop)} onFocus={(event) => (left.number = event.target.dataset.row ?? left.number)}>
        {first?.away && <p className="notice warn" role="alert">{t(first.away === 'warming' ? 'search_warming' : 'search_away')}</p>}
        {first?.problems.map((problem) => (
          <p key={problem.kind + problem.text} className="notice warn" role="alert">{t(`problem_${problem.kind}` as Key, { text: problem.text })}</p>
        ))}
        {found.error && <p className="notice bad" role="alert">{explain(found.error)}</p>}
        {looking.q && first && !first.problems.length && !found.hits.length && <p className="empty">{t('nothing_found_try')}</p>}
        {(!looking.q || (first && !found.hits.length)) && <Language use={(q) => change({ q })} />}
        <ul className={css.hits} aria-label={t('tickets')} aria-busy={found.loading}>
          {found.hits.map((hit) => (
            <Hit key={hit.ticket.number} hit={hit} />
          ))}
        </ul>
        {found.more && <button className="btn" onClick={found.more}>{t('show_more')}</button>}
      </div>
    </div>
  )
}

function useFound(looking: Looking) {
  const { q = '', sort = 'relevance' } = looking
  const query = useInfiniteQuery({
    queryKey: ['search', q, sort],
    queryFn: ({ pageParam, signal }) => search(q, sort, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: q !== '',
    placeholderData: (old) => (q ? old : undefined), // the list does not blink while one types
    // An index that is only just being fetched is there in a moment.
    refetchInterval: ({ state }) => (state.data?.pages[0]?.away === 'warming' ? 2000 : false),
  })
  const hits = useMemo(() => (q ? (query.data?.pages.flatMap((page) => page.hits) ?? []) : []), [q, query.data])
  return {
    hits,
    first: q ? query.data?.pages[0] : undefined,
    loading: query.isFetching,
    error: query.data && !query.isFetchNextPageError ? null : query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  }
}

/** Where one was in what was found, for the way back. Lives as long as the page. */
const left = { asked: '', offset: 0, number: '' }

/** Comes back to where one was; what is asked anew begins at its top. */
function usePlace(asked: string, there: boolean) {
  const results = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!there) return
    if (left.asked !== asked) Object.assign(left, { asked, offset: 0, number: '' })
    results.current!.scrollTop = left.offset
    // Not from the box, where one may be typing.
    if (document.activeElement === document.body) results.current!.querySelector<HTMLElement>(`[data-row="${left.number}"]`)?.focus({ preventScroll: true })
  }, [asked, there])
  return results
}

/** `j` and `k` move the focus from ticket to ticket, `/` goes to the search; [ and ] step through what was found. */
function useSteps(hits: Found[]): void {
  const latest = useRef(hits)
  useEffect(() => {
    latest.current = hits
    place.numbers = hits.map((hit) => hit.ticket.number)
  }, [hits])
  const move = (step: 1 | -1): void => {
    const links = [...document.querySelectorAll<HTMLElement>('[data-row]')]
    const at = links.indexOf(document.activeElement as HTMLElement)
    links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus()
  }
  useHotkeys({ j: () => move(1), k: () => move(-1), '/': () => document.getElementById('filter')?.focus() })
}
