import type { Page } from '@playwright/test'
import { accessible, expect, fits, signIn, test } from './fixtures'

const THEMES = ['light', 'dark'] as const
const WIDTHS = [1280, 390]

for (const colorScheme of THEMES) {
  for (const width of WIDTHS) {
    test(`every screen is accessible, ${colorScheme}, ${width} px`, async ({ someone, mock }) => {
      test.setTimeout(120_000)
      const page = await someone({ colorScheme, viewport: { width, height: 800 } })
      const look = (screen: string) => accessible(page, screen).then(() => fits(page, screen))
      await page.goto('/')
      await page.locator('input[name=login]').waitFor()
      await look('sign-in')
      await signIn(page, 'ann')
      await page.locator('[data-row]').first().waitFor()
      await look('list')
      await page.getByRole('button', { name: /Ann Archer/ }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await look('menu')
      await page.keyboard.press('Escape')
      await ticketScreens(page, mock.desk.tickets, look)
      await page.goto('/new')
      await page.locator('input[role=combobox]').fill('carla')
      await page.getByRole('option').first().waitFor()
      await look('new ticket')
      await page.goto('/outbox')
      await page.getByRole('link', { name: /Invoice/ }).waitFor()
      await look('outbox')
      await page.goto('/failed')
      await page.getByRole('button', { name: 'Try again' }).waitFor()
      await look('failed mails')
      await portalScreens(page, mock.desk.tickets[0].number, look)
    })
  }
}

type Look = (screen: string) => Promise<void>

async function ticketScreens(page: Page, tickets: { number: string }[], look: Look): Promise<void> {
  await page.goto(`/tickets/${tickets[0]!.number}`)
  await page.locator('iframe.mail-frame').waitFor()
  await look('ticket')
  await page.keyboard.press('r')
  await page.getByText('You have been working').waitFor()
  await look('reply')
  await page.getByRole('button', { name: 'Note' }).click()
  await look('note')
  await page.goto(`/tickets/${tickets[4]!.number}`)
  await page.getByText('has been working on this ticket').first().waitFor()
  await page.keyboard.press('r')
  await page.getByText('You can write').waitFor()
  await look('locked ticket')
  await page.getByRole('button', { name: 'Take over' }).first().click()
  await page.getByRole('dialog').waitFor()
  await look('take over')
}

async function portalScreens(page: Page, number: string, look: Look): Promise<void> {
  await page.goto(`/portal/tickets/${number}`)
  await page.getByLabel('Your mail address').fill('carla@example.org')
  await look('portal: address')
  await page.keyboard.press('Enter')
  await page.getByLabel('Code').fill('123456')
  await look('portal: code')
  await page.keyboard.press('Enter')
  await page.locator('.said').first().waitFor()
  await look('portal: ticket')
  await page.goto('/portal')
  await page.locator('.entry').first().waitFor()
  await look('portal: tickets')
  await page.goto('/portal/new')
  await page.getByLabel('Subject').waitFor()
  await look('portal: new')
}

test('nothing is wider than a window of 360 px, in Russian too, and twenty rows fit on a screen', async ({ someone, mock }) => {
  const page = await someone({ viewport: { width: 360, height: 740 }, locale: 'ru' })
  await signIn(page, 'olga')
  await page.locator('[data-row]').first().waitFor()
  await fits(page, 'list')
  await page.goto(`/tickets/${mock.desk.tickets[0].number}`)
  await page.locator('article').waitFor()
  await fits(page, 'ticket')
  await page.keyboard.press('r')
  await fits(page, 'reply')
  await page.goto('/new')
  await page.locator('input[role=combobox]').waitFor()
  await fits(page, 'new ticket')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto('/')
  await page.locator('[data-row]').first().waitFor()
  const shown = await page.locator('[data-row]').evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length)
  expect(shown).toBeGreaterThanOrEqual(20)
})
