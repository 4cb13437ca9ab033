import { useSpeech, type Language, type Words } from '../i18n'
import type en from '../i18n/desk.en.json'

export type Key = keyof typeof en

export const loadWords = (language: Language): Promise<{ default: Words }> =>
  language === 'ru' ? import('../i18n/desk.ru.json') : import('../i18n/desk.en.json')

export const useWords = () => useSpeech<Key>()
