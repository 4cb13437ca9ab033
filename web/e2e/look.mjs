// Takes a picture of every screen into shots/: light and dark, wide and narrow, English and Russian.
import { chromium } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { startMock } from './mock-server.mjs'

const only = process.argv[2]
const mock = await startMock()
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] })
mkdirSync('shots', { recursive: true })

for (const [name, width, theme, language] of [['wide', 1280, 'light', 'en'], ['dark', 1280, 'dark', 'en'], ['narrow', 390, 'light', 'en'], ['ru', 1280, 'light', 'ru'], ['narrow-ru-dark', 390, 'dark', 'ru']]) {
  if (only && only !== name) continue
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, locale: language })
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()))
  page.on('pageerror', (error) => console.log(name, error.message))
  const shot = (screen) => page.waitForTimeout(350).then(() => page.screenshot({ path: `shots/${name}-${screen}.png` }))
  await page.goto(mock.origin)
  await page.locator('input[name=login]').fill(language === 'ru' ? 'olga' : 'ann')
  await shot('1-sign-in')
  await page.locator('input[name=password]').fill(language === 'ru' ? 'olga-secret' : 'ann-secret')
  await page.keyboard.press('Enter')
  await page.locator('[data-row]').first().waitFor()
  await shot('2-list')
  const number = mock.desk.tickets[0].number
  await page.goto(`${mock.origin}/tickets/${number}`)
  await page.locator('article').waitFor()
  await shot('3-ticket')
  await page.locator('#article-1').scrollIntoViewIfNeeded()
  await shot('3-ticket-top')
  await page.keyboard.press('r')
  await page.keyboard.type('The second page is corrected now.')
  await shot('4-reply')
  await page.keyboard.press('Escape')
  await page.goto(`${mock.origin}/tickets/${mock.desk.tickets[4].number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await shot('5-locked')
  await page.goto(`${mock.origin}/new`)
  await page.locator('input[role=combobox]').fill('carla')
  await shot('6-new')
  await page.goto(`${mock.origin}/failed`)
  await shot('7-failed')
  await page.goto(`${mock.origin}/portal`)
  await page.locator('input[name=email]').fill('carla@example.org')
  await shot('8-portal')
  await page.keyboard.press('Enter')
  await page.locator('input[name=code]').fill('123456')
  await page.keyboard.press('Enter')
  await page.locator('.list').waitFor()
  await shot('9-portal-list')
  await page.goto(`${mock.origin}/portal/tickets/${number}`)
  await page.locator('.said').first().waitFor()
  await shot('9-portal-ticket')
  await context.close()
}
await browser.close()
await mock.close()
