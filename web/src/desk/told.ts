import { useWords, type Key } from './words'

/** Whole sentences that the desk keeps in English, beside a mail: why it could not be taken in, or what became of it. */
export const SENTENCES: Record<string, Key> = {
  'There is neither a From nor a Date, Subject, To or Message-ID.': 'told_no_mail',
  'The mail is larger than 40 MB.': 'told_too_large',
  'The mail is empty.': 'told_empty',
  'The mail service did not answer; the mail may or may not have left.': 'told_lost',
  'The sender was interrupted; the mail may or may not have left.': 'told_interrupted',
  'No automatic answer: too many have been sent for now, to this address or by the whole desk.': 'told_over_cap',
}

/** Such a sentence in the reader's language; what others say (mail services, receivers) stays as they said it. */
export function useTold(): (sentence: string) => string {
  const { t } = useWords()
  return (sentence) => (SENTENCES[sentence] ? t(SENTENCES[sentence]) : sentence)
}
