import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react'
import type { Row } from '../../api/types'
import { useWords, type Key } from '../words'
import { nextSort, type Filter } from './filter'
import css from './list.module.css'
import { place } from './place'
import { TicketRow } from './TicketRow'

export interface RowsHandle {
  move: (step: 1 | -1) => void
  open: () => void
}

interface Props {
  ref: Ref<RowsHandle>
  rows: Row[]
  filter: Filter
  change: (part: Filter) => void
  onEnd: () => void
  prefetch: (row: Row) => void
  listKey: string
}

const COLUMNS: [string, Key][] = [
  ['priority', 'priority'],
  ['number', 'number'],
  ['customer', 'sender'],
  ['title', 'subject'],
  ['queue', 'queue'],
  ['state', 'state'],
  ['owner', 'owner'],
  ['created', 'age'],
]

const phone = matchMedia('(max-width: 47.99em)')

/** Only the rows in view are in the page; `j` and `k` move the focus, so that every reader follows. */
export function Rows({ ref, rows, filter, change, onEnd, prefetch, listKey }: Props) {
  const { t } = useWords()
  const go = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useWindow(rows, scroller, place.list === listKey ? place.offset : 0)
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 20) onEnd()
  }, [last, rows.length, onEnd])
  const [current, remember] = useCurrent(listKey, items.length > 0)
  useImperativeHandle(ref, () => ({
    move: (step) => {
      const at = rows.findIndex((row) => row.number === current)
      const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))]
      if (!row) return
      remember(row.number)
      virtual.scrollToIndex(rows.indexOf(row))
      requestAnimationFrame(() => focusRow(row.number))
      prefetch(row)
    },
    open: () => void (current && go({ to: '/tickets/$number', params: { number: current } })),
  }))
  return (
    <div className={css.table} role="table" aria-label={t('tickets')} aria-rowcount={rows.length + 1} data-queue={filter.queue ? 'one' : 'all'}>
      <Head filter={filter} change={change} />
      <div className={css.scroller} ref={scroller} role="rowgroup" tabIndex={-1} onScroll={(event) => (place.offset = event.currentTarget.scrollTop)}>
        <div className={css.space} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            return row && <TicketRow key={row.number} row={row} index={item.index} top={item.start} current={row.number === current} onFocus={remember} onHover={prefetch} />
          })}
        </div>
      </div>
    </div>
  )
}

function useWindow(rows: Row[], scroller: React.RefObject<HTMLDivElement | null>, initialOffset: number) {
  const narrow = useNarrow()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 66 : 31),
    overscan: 8,
    initialOffset,
    getItemKey: (index) => rows[index]?.number ?? index,
  })
  useEffect(() => virtual.measure(), [narrow, virtual])
  return virtual
}

/** The row that one is at; coming back from its ticket, it has the focus again. */
function useCurrent(listKey: string, drawn: boolean): [string | null, (number: string) => void] {
  const [current, setCurrent] = useState(place.list === listKey ? place.current : null)
  const returned = useRef(place.list !== listKey)
  useEffect(() => {
    place.list = listKey
    if (returned.current || !drawn) return
    returned.current = true
    if (place.current) focusRow(place.current)
  }, [drawn, listKey])
  const remember = useCallback((number: string) => {
    place.current = number
    setCurrent(number)
  }, [])
  return [current, remember]
}

function Head({ filter, change }: Pick<Props, 'filter' | 'change'>) {
  const { t } = useWords()
  const direction = (column: string) =>
    filter.sort === column ? 'ascending' : filter.sort === `-${column}` ? 'descending' : 'none'
  return (
    <div role="rowgroup">
      <div className={css.head} role="row">
        {COLUMNS.map(([column, word]) => (
          <div key={column} role="columnheader" aria-sort={direction(column)} data-column={column}>
            <button className={css.sort} onClick={() => change({ sort: nextSort(column, filter.sort) })} title={t('sort_by', { column: t(word) })}>
              {word === 'priority' ? <span aria-hidden="true">!</span> : t(word)}
              {word === 'priority' && <span className="hidden">{t(word)}</span>}
              <span aria-hidden="true">{{ ascending: '↑', descending: '↓', none: '' }[direction(column)]}</span>
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(phone.matches)
  useEffect(() => {
    const changed = (): void => setNarrow(phone.matches)
    phone.addEventListener('change', changed)
    return () => phone.removeEventListener('change', changed)
  }, [])
  return narrow
}

const focusRow = (number: string): void => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(number)}"]`)?.focus()
