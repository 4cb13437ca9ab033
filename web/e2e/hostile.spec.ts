/** Hostile HTML in the real frame: as the intake keeps it, as it was written, and past the sanitiser. Nothing runs, nothing is asked for. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, signIn, test, type Mock } from './fixtures'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VENV = join(ROOT, '.venv/bin/python')
const PYTHON = process.env.PYTHON ?? (existsSync(VENV) ? VENV : 'python3')
const COUNT = Number(process.env.HOSTILE_COUNT ?? 50)
const SEED = Number(process.env.HOSTILE_SEED ?? 1)
const AT_ONCE = 50

interface Vector {
  raw: string
  safe: string
}

const vectors = JSON.parse(execFileSync(PYTHON, ['-m', 'dev.hostile', '--count', String(COUNT), '--seed', String(SEED)], { cwd: ROOT, maxBuffer: 1 << 28 }).toString()) as Vector[]
test.setTimeout(600_000)

/**
 * A page that remembers what a mail must not do to it. Past the sanitiser (`bare`) a relative address may ask this very desk, and a
 * frame may come up empty: the policy lets no frame load, and says so by an error page of its own.
 */
async function watchedPage(mock: Mock, open: () => Promise<Page>, bare = false): Promise<{ page: Page; trouble: string[] }> {
  const page = await open()
  const trouble: string[] = []
  page.on('dialog', (dialog) => {
    trouble.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('framenavigated', (frame) => {
    if (bare && /^(about:srcdoc|chrome-error:)/.test(frame.url())) return
    const allowed = new URL(frame.url()).origin === mock.origin && (frame === page.mainFrame() || /\/mail-frame/.test(frame.url()))
    if (!allowed && frame.url() !== 'about:blank') trouble.push(`a frame went to ${frame.url()}`)
  })
  page.on('popup', (popup) => trouble.push(`a window: ${popup.url()}`))
  // Only what has got past the policy comes this far.
  await page.context().route((url) => (!bare && url.pathname.includes('canary')) || (/^https?:/.test(url.protocol) && url.origin !== mock.origin), (route) => {
    trouble.push(`a request: ${route.request().url()}`)
    return route.abort()
  })
  return { page, trouble }
}

/** Shows these as the articles of one ticket, each in a frame of its own. */
async function shown(page: Page, mock: Mock, pages: string[]): Promise<void> {
  const ticket = mock.desk.tickets[0]
  const pattern = ticket.articles.find((each: { html: string | null }) => each.html)
  ticket.articles = pages.map((html, n) => ({ ...pattern, id: String(n + 1), seq: n + 1, html: `<p>begin${n}</p>${html}`, text: `begin${n}`, fold: null, attachments: [] }))
  await page.goto(`/tickets/${ticket.number}`)
  for (const show of await page.getByRole('button', { name: /older|earlier|show all/i }).all()) await show.click()
  await expect(page.locator('iframe.mail-frame')).toHaveCount(pages.length)
  for (const [n] of pages.entries()) await expect(page.locator('iframe.mail-frame').nth(n).contentFrame().getByText(`begin${n}`, { exact: true }).first()).toBeAttached()
}

async function untouched(page: Page, trouble: string[], what: string): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
  expect(await page.evaluate(() => (window as { pwned?: number }).pwned), what).toBeUndefined()
  expect(trouble, what).toEqual([])
  await expect(page.locator('#main')).toBeVisible()
}

for (const kind of ['safe', 'raw'] as const) {
  test(`${COUNT} hostile letters (seed ${SEED}), ${kind === 'safe' ? 'as they are kept' : 'as they were written'}, run nothing and ask nobody`, async ({ browser, mock }) => {
    const { page, trouble } = await watchedPage(mock, () => browser.newPage({ baseURL: mock.origin, viewport: { width: 1280, height: 800 } }))
    await signIn(page, 'ann')
    for (let at = 0; at < vectors.length; at += AT_ONCE) {
      await shown(page, mock, vectors.slice(at, at + AT_ONCE).map((each) => each[kind]))
      await untouched(page, trouble, `vectors ${at} to ${at + AT_ONCE}`)
    }
    if (kind === 'raw') mock.reports.length = 0 // the policy may speak up about what the sanitiser took apart
    await page.close()
  })
}

test('the vectors are alive: on a page without any wall they run and ask', async ({ browser, mock }) => {
  const { page, trouble } = await watchedPage(mock, () => browser.newPage({ baseURL: mock.origin }))
  for (const { raw } of vectors.slice(0, 20)) await page.setContent(raw, { waitUntil: 'commit' }).catch(() => undefined)
  expect(trouble.length).toBeGreaterThan(3)
  await page.close()
})

test(`${COUNT} hostile letters past the sanitiser: the sandbox and the policy hold alone`, async ({ browser, mock }) => {
  const { page, trouble } = await watchedPage(mock, () => browser.newPage({ baseURL: mock.origin }), true)
  await signIn(page, 'ann')
  await shown(page, mock, ['<p>one</p>'])
  // The element itself: a vector may give its name to another.
  const body = await page.locator('iframe.mail-frame').first().evaluateHandle((node: HTMLIFrameElement) => node.contentDocument!.body)
  for (const { raw } of vectors) {
    await body.evaluate((element, html) => {
      element.innerHTML = html
      // innerHTML runs no <script>; what a document's own parser meets would run, were it not for the sandbox.
      if (html.includes('<script')) element.append(new Range().createContextualFragment(html))
      element.querySelectorAll<HTMLElement>('a, button, input, summary').forEach((each) => each.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })))
    }, raw)
  }
  await untouched(page, trouble, 'past the sanitiser')
  expect(mock.reports.length).toBeGreaterThan(0)
  mock.reports.length = 0
  await page.close()
})
