import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { ApiError } from '../api/client'

export type Language = 'en' | 'ru'
/** A sentence, or its forms by plural category: one, few, many, other. */
export type Phrase = string | Partial<Record<Intl.LDMLPluralRule, string>>
export type Words = Record<string, Phrase>
export type Values = Record<string, string | number>

const KEY = 'otklik-language'

export function translate(words: Words, language: Language, key: string, values: Values = {}): string {
  const phrase = words[key]
  if (phrase === undefined) return key
  const form = typeof phrase === 'string' ? phrase : pluralForm(phrase, language, Number(values.count ?? 0))
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
}

function pluralForm(forms: Exclude<Phrase, string>, language: Language, count: number): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? ''
}

export function firstLanguage(): Language {
  const kept = remembered()
  if (kept === 'en' || kept === 'ru') return kept
  return navigator.language.startsWith('ru') ? 'ru' : 'en'
}

export function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null // storage refused: the browser's language has to do
  }
}

interface Speech<Key extends string> {
  language: Language
  setLanguage: (language: Language) => void
  t: (key: Key, values?: Values) => string
  /** Why something was refused, in a sentence. */
  explain: (failure: unknown) => string
}

const Speaking = createContext<Speech<string> | null>(null)

type Loader = (language: Language) => Promise<{ default: Words }>

/** Gives the words of one language to all screens below; nothing is shown until they are there. */
export function Speaks({ load, children }: { load: Loader; children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  const [spoken, setSpoken] = useState<{ language: Language; words: Words } | null>(null)
  useEffect(() => {
    let current = true
    void load(language).then(({ default: words }) => current && setSpoken({ language, words }))
    return () => void (current = false)
  }, [language, load])
  useEffect(() => {
    if (spoken) document.documentElement.lang = spoken.language
  }, [spoken])
  const speech = useMemo(() => spoken && speechOf(spoken.words, spoken.language, setLanguage), [spoken])
  return speech && <Speaking.Provider value={speech}>{children}</Speaking.Provider>
}

function speechOf(words: Words, language: Language, set: (language: Language) => void): Speech<string> {
  const setLanguage = (chosen: Language): void => {
    try {
      localStorage.setItem(KEY, chosen)
    } catch {
      // then it lasts until the page is left
    }
    set(chosen)
  }
  const t = (key: string, values?: Values): string => translate(words, language, key, values)
  return { language, setLanguage, t, explain: (failure) => explained(failure, words, language) }
}

/** The desk's own sentence in English; in other languages ours for the code, which says less but can be read. */
export function explained(failure: unknown, words: Words, language: Language): string {
  if (!(failure instanceof ApiError)) return translate(words, language, 'failed')
  const { code, reason, why, message, fields } = failure.body
  const known = [`error_${reason ?? ''}`, `error_${String(why)}`, `error_${code}`].find((key) => key in words)
  const sentence = known && (language !== 'en' || !failure.status) ? translate(words, language, known, failure.body as unknown as Values) : message
  const wrong = Object.entries((fields as Record<string, string> | null) ?? {}).map(([name, why]) => `${name} ${why}`)
  return wrong.length ? `${sentence} (${wrong.join('; ')})` : sentence
}

export function useSpeech<Key extends string>(): Speech<Key> {
  const speech = useContext(Speaking)
  if (!speech) throw new Error('useSpeech outside of Speaks')
  return speech as unknown as Speech<Key>
}
