/** A page before a desk of its own that fails the test on whatever a careful page must not do. */
import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import { startMock } from './mock-server.mjs'

export type Mock = Awaited<ReturnType<typeof startMock>>

interface Parts {
  mock: Mock
  someone: (options?: BrowserContextOptions) => Promise<Page>
}

// Chromium says so for every script in a mail: that is the sandbox at work, and tells that nothing ran.
const EXPECTED = [/Blocked script execution/, /Failed to load resource/]

// Half the size of what the package gives as its source: each page reads it anew.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const test = base.extend<Parts>({
  mock: async ({}, use) => {
    const mock = await startMock()
    await use(mock)
    await mock.close()
    expect(mock.reports, 'reports of policy violations').toEqual([])
  },
  someone: async ({ browser, mock }, use) => {
    const { open, close } = watched(browser, mock.origin)
    await use(open)
    await close()
  },
})

/** Opens pages at `origin` and remembers what went wrong on them. */
export function watched(browser: Browser, origin: string) {
  const trouble: string[] = []
  const contexts: { close: () => Promise<void> }[] = []
  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 800 }, locale: 'en', ...options })
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => trouble.push(`page error: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.some((known) => known.test(message.text()))) trouble.push(`console: ${message.text()}`)
    })
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^https?:$/.test(url.protocol) && !/^(127\.0\.0\.1|localhost)$/.test(url.hostname)) trouble.push(`request: ${request.url()}`)
    })
    return page
  }
  const close = async (): Promise<void> => {
    await Promise.all(contexts.map((context) => context.close()))
    expect(trouble).toEqual([])
  }
  return { open, close }
}

export async function signIn(page: Page, login: string, password = `${login}-secret`, path = '/'): Promise<void> {
  await page.goto(path)
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill(password)
  await page.locator('form button.primary').click()
  await page.locator('#main').waitFor()
}

/**
 * No finding of axe. Mail frames are left out: axe hangs on pages that run no scripts.
 *
 * axe looks in the page itself, and only what it found comes out. @axe-core/playwright fetches every node that passed, and judges in a
 * second page, for the sake of frames: that takes several times as long as looking.
 */
export async function accessible(page: Page, screen: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ exclude: ['iframe'] })
    return violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`)
  })
  expect(found, `axe on ${screen}`).toEqual([])
}

export async function fits(page: Page, screen: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wide, `${screen} is wider than the window by`).toBeLessThanOrEqual(0)
}

export { expect }
