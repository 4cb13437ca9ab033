import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiError } from '../../api/client'
import * as desk from '../../api/desk'
import type { Article, Ticket } from '../../api/types'
import { say, sayFor } from '../../ui/toasts'
import { giveBack, hold, release, secondsOf, whileHeld, type Words } from '../held'
import { stateKey } from '../StateBadge'
import { useWords, type Key } from '../words'
import { leavesAt } from './leaving'

/** Takes a letter back that has not left: the words are in the composer again, and what became of the ticket is said. */
export function useUndo(): (number: string, article: string) => Promise<void> {
  const { t, explain } = useWords()
  const cache = useQueryClient()
  const go = useNavigate()
  return async (number, article) => {
    const refresh = (): void => ['tickets', 'queues', 'ticket'].forEach((name) => void cache.invalidateQueries({ queryKey: [name] }))
    try {
      await desk.undo(number, article)
    } catch (failure) {
      say(failure instanceof ApiError && failure.status === 409 ? t('has_left') : explain(failure))
      return refresh()
    }
    const words = release(number, article)
    const { state } = await cache.fetchQuery({ queryKey: ['ticket', number], queryFn: () => desk.ticket(number), staleTime: 0 })
    refresh()
    if (words) {
      await go({ to: '/tickets/$number', params: { number } })
      giveBack(number, words)
    }
    say(t('mail_stopped', { state: t(stateKey(state) as Key) }))
  }
}

/** Says how long a letter that was just written can be taken back; false where it cannot. */
export function useHolding(): (number: string, article: Article, words: Words | null, gone?: () => void) => boolean {
  const { t } = useWords()
  const cache = useQueryClient()
  const undo = useUndo()
  return (number, article, words, gone) => {
    const seconds = secondsOf(article)
    if (!seconds || article.unless_answered || (article.delivery && leavesAt(article.delivery))) return false
    hold(number, article, words, (left) => {
      put(cache, number, left)
      gone?.()
    })
    const forget = sayFor(t('leaves_in', { count: seconds }), seconds * 1000, { label: t('undo'), run: () => void undo(number, article.id) })
    whileHeld(number, article.id, forget)
    return true
  }
}

function put(cache: QueryClient, number: string, article: Article): void {
  cache.setQueryData<Ticket>(['ticket', number], (known) => known && { ...known, articles: known.articles.map((each) => (each.id === article.id ? article : each)) })
}
