/** What was written of a new ticket is kept in this browser until it is opened, thrown away, or its writer signs out. */
const KEPT = 'otklik-new-ticket'

/** What this agent has written; nobody finds what somebody else has. */
export function kept<Words>(login: string): Words | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as { login: string; words: Words } | null
    return found?.login === login ? found.words : null
  } catch {
    return null // storage refused, or not ours
  }
}

export function keep(login: string, words: unknown): void {
  try {
    if (words) localStorage.setItem(KEPT, JSON.stringify({ login, words }))
    else localStorage.removeItem(KEPT)
  } catch {
    // then it lasts until the page is left
  }
}

/** For whoever looks from now on (null: nobody): what others have written is gone. */
export function forgetOthers(login: string | null): void {
  if (!login || !kept(login)) keep('', null)
}
