/** Light or dark, remembered; public/theme-init.js reads the same key before the first paint. */
export type Scheme = 'light' | 'dark'

const KEY = 'otklik-theme'

export const scheme = (): Scheme =>
  document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark' ? 'dark' : 'light'

export function setScheme(chosen: Scheme): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', chosen)
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // then it lasts until the page is left
  }
}
