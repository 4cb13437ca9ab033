import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import type { Ticket } from '../../api/types'
import { useWords } from '../words'
import { numberIn } from './merging'
import { ticketQuery } from './query'

export interface Found {
  /** What lies at the number that was typed. */
  found: Ticket | null
  /** The same, where something can be done with it. */
  fit: Ticket | null
  /** Why not. */
  wrong: string | null
}

/** The other ticket of a pair, by whatever was pasted. */
export function useOther(ticket: Ticket, typed: string): Found {
  const { t, explain } = useWords()
  const number = useDeferredValue(numberIn(typed))
  const itself = number === ticket.number
  const { data, error } = useQuery({ ...ticketQuery(number), enabled: number !== '' && !itself, retry: false })
  const found = data && !itself && data.number === number ? data : null
  const wrong = itself ? t('merge_itself') : found?.merged_into ? t('merge_merged', { number: found.merged_into }) : error && number ? explain(error) : null
  return { found, fit: found && !found.merged_into ? found : null, wrong }
}
