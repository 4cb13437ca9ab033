import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { tickets } from '../../api/desk'
import type { Row } from '../../api/types'
import { useHotkeys } from '../../ui/hotkeys'
import { useAgentNames } from '../Queues'
import { ticketQuery } from '../ticket/query'
import { useWords } from '../words'
import { Rows, type RowsHandle } from './Rows'
import { Toolbar } from './Toolbar'
import { asked, matching, type Filter } from './filter'
import css from './list.module.css'
import { place } from './place'

/** The list of tickets: filtered and sorted by what stands in the address bar. */
export function ListScreen() {
  const { t, explain } = useWords()
  const filter = useSearch({ from: '/' })
  const go = useNavigate({ from: '/' })
  const list = useRows(filter)
  const nameOf = useAgentNames()
  const rows = useMemo(() => matching(list.rows, filter.q, nameOf), [list.rows, filter.q, nameOf])
  const shown = useRef<RowsHandle>(null)
  const prefetch = usePrefetch()
  useEffect(() => {
    place.numbers = rows.map((row) => row.number)
    place.search = filter as Record<string, string>
  }, [rows, filter])
  useListKeys(shown)
  const change = (part: Filter): void => void go({ search: { ...filter, ...part }, replace: true })
  return (
    <div className={css.screen}>
      <title>{`${filter.queue ?? t('tickets')} · Otklik`}</title>
      <h1 className="hidden">{filter.queue ?? t('tickets')}</h1>
      <Toolbar filter={filter} change={change} count={rows.length} more={list.hasMore} />
      {list.error ? (
        <p className="notice bad" role="alert">
          {explain(list.error)}
          <button className="btn tiny" onClick={() => void list.again()}>{t('again')}</button>
        </p>
      ) : rows.length || list.loading ? (
        <Rows ref={shown} rows={rows} filter={filter} change={change} onEnd={list.more} prefetch={prefetch} listKey={JSON.stringify(asked(filter))} />
      ) : (
        <p className="empty">{t(filter.q ? 'nothing_found' : 'no_tickets')}</p>
      )}
    </div>
  )
}

function useRows(filter: Filter) {
  const wanted = asked(filter)
  const query = useInfiniteQuery({
    queryKey: ['tickets', wanted],
    queryFn: ({ pageParam }) => tickets(wanted, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 15_000, // not while the tab is hidden; unchanged pages are 304
  })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const loaded = query.data?.pages.length ?? 0
  useEffect(() => {
    // Filtering over half of a list would lie: the rest is fetched, within reason.
    if (filter.q && hasNextPage && !isFetchingNextPage && loaded < 15) void fetchNextPage()
  }, [filter.q, hasNextPage, isFetchingNextPage, fetchNextPage, loaded])
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.tickets) ?? [], [query.data])
  return {
    rows,
    loading: query.isPending,
    error: query.data ? null : query.error,
    hasMore: hasNextPage,
    more: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()),
    again: query.refetch,
  }
}

function usePrefetch(): (row: Row) => void {
  const cache = useQueryClient()
  return useMemo(
    () => (row) => {
      void import('../ticket/TicketScreen')
      // Fetching a ticket tells the desk that it was seen: an unread one is not fetched before it is opened.
      if (!row.unread) void cache.prefetchQuery({ ...ticketQuery(row.number), staleTime: 30_000 })
    },
    [cache],
  )
}

function useListKeys(shown: React.RefObject<RowsHandle | null>): void {
  useHotkeys({
    j: () => shown.current?.move(1),
    k: () => shown.current?.move(-1),
    Enter: () => shown.current?.open(),
    o: () => shown.current?.open(),
    '/': () => document.getElementById('filter')?.focus(),
  })
}
