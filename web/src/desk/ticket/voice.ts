import type { Article } from '../../api/types'

/** customer: from outside; agent: leaves the desk; note: stays inside; auto: written by the desk itself. */
export function voice(article: Article): 'customer' | 'agent' | 'note' | 'auto' {
  if (article.channel === 'note' || !article.visible) return 'note'
  return article.sender === 'system' ? 'auto' : article.sender
}
