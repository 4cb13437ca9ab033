import type { HistoryEvent } from '../../api/types'

/** Of lists what came and what went: the whole of them, twice, nobody reads. */
export function difference({ old, new: now }: Pick<HistoryEvent, 'old' | 'new'>): string | null {
  if (!Array.isArray(old) || !Array.isArray(now)) return null
  const [came, went] = [now.filter((each) => !old.includes(each)), old.filter((each) => !now.includes(each))]
  return [...came.map((each) => `+ ${each}`), ...went.map((each) => `− ${each}`)].join(', ') || null
}
