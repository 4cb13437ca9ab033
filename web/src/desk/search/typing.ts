/** Help while a search is typed: what stands at the end of it, and how it may go on. */

export const FIELDS = ['queue', 'state', 'owner', 'customer', 'from', 'tag', 'priority', 'created', 'changed', 'closed', 'has', 'number', 'subject', 'file'] as const
export type Field = (typeof FIELDS)[number]

const RUSSIAN: Record<string, Field> = { очередь: 'queue', состояние: 'state', владелец: 'owner', клиент: 'customer', от: 'from', метка: 'tag', приоритет: 'priority', создано: 'created', изменено: 'changed', закрыто: 'closed', есть: 'has', номер: 'number', тема: 'subject', файл: 'file' }
const FIXED: Partial<Record<Field, string[]>> = {
  state: ['new', 'open', 'pending', 'closed'],
  priority: ['1', '2', '3', '4', '5', '>3'],
  has: ['attachment', 'note'],
  created: ['today', 'yesterday', '7d', '30d'],
  changed: ['today', 'yesterday', '7d', '30d'],
  closed: ['today', 'yesterday', '7d', '30d'],
}

const IN_RUSSIAN: Partial<Record<Field, string[]>> = {
  state: ['новые', 'открытые', 'ждёт', 'закрытые'],
  has: ['вложение', 'заметка'],
  created: ['сегодня', 'вчера', '7д', '30д'],
  changed: ['сегодня', 'вчера', '7д', '30д'],
  closed: ['сегодня', 'вчера', '7д', '30д'],
}

/** The last term: what goes before it, its field, and the value so far. */
export interface Term {
  before: string
  field: Field | null
  value: string
}

export function lastTerm(typed: string): Term {
  const found = /^(.*?)(-?)(?:([\p{L}]+):)?("[^"]*|[^\s"]*)$/su.exec(typed)
  if (!found) return { before: typed, field: null, value: '' }
  const [, before = '', without = '', name = '', value = ''] = found
  const field = fieldOf(name)
  if (name && !field) return { before: before + without, field: null, value: `${name}:${value}` }
  return { before: before + without + (name ? `${name}:` : ''), field, value: value.replace(/^"/, '') }
}

function fieldOf(name: string): Field | null {
  const lower = name.toLowerCase()
  return FIELDS.find((field) => field === lower) ?? RUSSIAN[lower] ?? null
}

/** What the desk has to be asked for; null where the answer is known here. */
export function question(term: Term): { field: string; prefix: string } | null {
  if (term.field && FIXED[term.field]) return null
  if (term.field === 'queue' || term.field === 'owner' || term.field === 'tag' || term.field === 'customer') return { field: term.field, prefix: term.value }
  return !term.field && term.value.length > 1 ? { field: 'text', prefix: term.value } : null
}

/** How the search may go on, as whole searches. */
export function goingOn(typed: string, term: Term, told: string[]): string[] {
  // In the language in which the field is named.
  const known = term.field ? ((/[а-яё]+:$/i.test(term.before) && IN_RUSSIAN[term.field]) || FIXED[term.field]) : undefined
  const values = known ? known.filter((value) => value.startsWith(term.value) && value !== term.value) : told
  const fields = !term.field && term.value.length > 1 ? [...FIELDS, ...Object.keys(RUSSIAN)].filter((field) => field.startsWith(term.value.toLowerCase())).map((field) => `${field}:`) : []
  return [...fields, ...values.map((value) => (term.field && /[\s,]/.test(value) ? `"${value}"` : value))].map((value) => term.before + value).filter((choice) => choice !== typed).slice(0, 8)
}
