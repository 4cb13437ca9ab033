/** Letters that leave later, tickets made of mails that no machine can read, links made by hand. */
import type { Page } from '@playwright/test'
import { accessible, expect, fits, signIn, test, type Mock } from './fixtures'

const WIDTHS = [1280, 390]
const THEMES = ['light', 'dark'] as const
// A Wednesday, by the clock of the browser; the mock's own clock does not matter here.
const WEDNESDAY = '2040-11-21T14:02:00'
const later = (page: Page) => page.getByRole('button', { name: 'Send later' })
const dialog = (page: Page) => page.getByRole('dialog')
const local = (time: string): string => new Date(time).toISOString()

async function written(page: Page, mock: Mock, at = 6) {
  const ticket = mock.desk.tickets[at]
  await page.clock.setFixedTime(new Date(WEDNESDAY))
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.keyboard.type('Did it help?')
  return ticket
}

test('a letter leaves tomorrow at nine, unless the customer writes first; it can be stopped after a reload', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await written(page, mock)
  await later(page).click()
  await dialog(page).getByLabel('Unless the customer writes first').check()
  await dialog(page).getByRole('button', { name: 'Tomorrow 9:00' }).click()
  await expect(page.getByText(/^Saved; it leaves at .*22.*09:00/)).toBeVisible()
  expect(ticket.articles.at(-1)).toMatchObject({ text: 'Did it help?', unless_answered: true, delivery: { not_before: local('2040-11-22T09:00:00') } })
  await page.reload()
  const letter = page.locator('[data-voice=agent]')
  await expect(letter).toContainText(/leaves at .*22.*09:00/)
  await expect(letter).toContainText('unless the customer writes first.')
  const before = ticket.last_customer_seq
  ticket.last_customer_seq = ticket.articles.length + 1
  await page.reload()
  await expect(letter).toContainText('Will not leave: the customer has written first.')
  await expect(letter.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  ticket.last_customer_seq = before
  await page.reload()
  await letter.getByRole('button', { name: 'Undo' }).click()
  await expect(letter).toContainText('Stopped by Ann Archer.')
  await expect(letter.getByRole('button', { name: 'Undo' })).toHaveCount(0)
})

test('the letter that the customer’s own has stopped says so', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await written(page, mock)
  await later(page).click()
  await dialog(page).getByRole('button', { name: 'In an hour' }).click()
  await expect(page.locator('[data-voice=agent]')).toContainText('leaves at 15:05')
  const letter = ticket.articles.at(-1)
  expect(letter.unless_answered).toBe(false)
  letter.delivery = { state: 'cancelled', at: new Date().toISOString(), detail: "stopped by the customer's own letter", not_before: null }
  await page.reload()
  await expect(page.locator('[data-voice=agent]')).toContainText('Stopped: the customer wrote first.')
})

test('the time is chosen by keys alone; one that has passed is refused, and Esc leaves all as it was', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await written(page, mock)
  await later(page).focus()
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('button')).toContainText(['', 'In an hour', 'Tomorrow 9:00', 'Monday 9:00', 'Send at this time'])
  await expect(dialog(page).getByLabel('Unless the customer writes first')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  await expect(later(page)).toBeFocused()
  expect(ticket.articles).toHaveLength(1)
  await page.keyboard.press('Enter')
  const own = dialog(page).getByLabel('Another time')
  await own.fill('2040-11-20T09:00')
  await own.press('Enter')
  await expect(dialog(page).getByRole('alert')).toContainText('from now on')
  await own.fill('2040-12-24T16:30')
  await own.press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  await expect.poll(() => ticket.articles.at(-1).delivery?.not_before).toBe(local('2040-12-24T16:30:00'))
  expect(ticket.drafts).toEqual([])
})

test('a forward leaves later too; a note does not', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await written(page, mock)
  await page.getByRole('button', { name: 'Note' }).click()
  await expect(later(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Forward' }).first().click()
  await page.getByRole('textbox', { name: 'To' }).fill('bank@example.com')
  await page.getByRole('textbox', { name: 'Forward' }).fill('Can you see why?')
  await later(page).click()
  await dialog(page).getByRole('button', { name: 'Monday 9:00' }).click()
  await expect.poll(() => ticket.articles.at(-1)).toMatchObject({ kind: 'forward', delivery: { not_before: local('2040-11-26T09:00:00') } })
})

test('what the desk refuses keeps the text and its schedule can be chosen again', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await written(page, mock)
  ticket.lock = { ...ticket.lock, agent: 'ben', epoch: 9 }
  await later(page).click()
  await dialog(page).getByRole('button', { name: 'In an hour' }).click()
  await expect(page.getByText('nothing was sent. Your text is kept.')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('Did it help?')
  await page.getByRole('button', { name: 'Take over' }).last().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await later(page).click()
  await dialog(page).getByRole('button', { name: 'In an hour' }).click()
  await expect.poll(() => ticket.articles.length).toBe(2)
})

test('a mail that cannot be read becomes a ticket in a queue where I may write', async ({ someone, mock }) => {
  mock.desk.readonly = ['Billing', 'Junk']
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/failed')
  const queue = page.getByRole('combobox', { name: 'Queue' })
  await expect(queue.locator('option')).toHaveText(['Raw', 'Support', 'Support::Level 2'])
  await expect(queue).toHaveValue('Raw')
  await queue.selectOption('Support')
  await page.getByRole('button', { name: 'Make a ticket' }).click()
  await expect(page).toHaveURL(/\/tickets\/\d+$/)
  await expect(page.getByRole('heading', { name: 'A mail that could not be read' })).toBeVisible()
  expect(mock.desk.tickets[0].queue).toBe('Support')
  expect(mock.desk.failed).toEqual([])
  await page.goto('/failed')
  await expect(page.getByText('Every mail was taken in.')).toBeVisible()
})

test('another ticket is linked by its number, and both say what they are to each other', async ({ someone, mock }) => {
  const page = await someone()
  const [one, other] = [mock.desk.tickets[6], mock.desk.tickets[12]]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${one.number}`)
  const about = page.getByRole('complementary', { name: 'About this ticket' })
  await about.getByRole('button', { name: 'Link to…' }).click()
  const number = dialog(page).getByLabel('Number of the other ticket')
  await expect(number).toBeFocused()
  await number.fill(one.number)
  await expect(dialog(page)).toContainText('This is the ticket itself.')
  await expect(dialog(page).getByRole('button', { name: 'Link', exact: true })).toBeDisabled()
  await number.fill(`[Ticket#${other.number}] Re: something`)
  await expect(dialog(page)).toContainText(other.title)
  await dialog(page).getByRole('radio', { name: `${other.number} is a part of this` }).check()
  await page.keyboard.press('Enter')
  await expect(page.getByText(`Linked to ${other.number}.`)).toBeVisible()
  await expect(about).toContainText(`${other.number} is a part of this`)
  await about.getByRole('link', { name: other.number }).click()
  await expect(about).toContainText(`Is a part of ${one.number}`)
})

for (const colorScheme of THEMES) {
  for (const width of WIDTHS) {
    test(`what is new is accessible, ${colorScheme}, ${width} px`, async ({ someone, mock }) => {
      const page = await someone({ colorScheme, viewport: { width, height: 800 } })
      const look = (screen: string) => accessible(page, screen).then(() => fits(page, screen))
      await written(page, mock)
      await look('reply')
      await later(page).click()
      await dialog(page).getByLabel('Another time').fill('2040-11-20T09:00')
      await dialog(page).getByRole('button', { name: 'Send at this time' }).click()
      await dialog(page).getByRole('alert').waitFor()
      await look('send later')
      await dialog(page).getByLabel('Unless the customer writes first').check()
      await dialog(page).getByRole('button', { name: 'Tomorrow 9:00' }).click()
      await expect(page.locator('[data-voice=agent]')).toContainText('leaves at')
      await look('a letter that waits')
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/waits-${colorScheme}-${width}.png` })
      const more = page.getByRole('button', { name: 'About this ticket' })
      if (await more.isVisible()) await more.click()
      await page.getByRole('button', { name: 'Link to…' }).click()
      await dialog(page).getByLabel('Number of the other ticket').fill(mock.desk.tickets[12].number)
      await dialog(page).getByText(mock.desk.tickets[12].title).waitFor()
      await look('link to')
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/link-${colorScheme}-${width}.png` })
      await page.goto('/failed')
      await page.getByRole('button', { name: 'Make a ticket' }).waitFor()
      await look('failed mails')
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/failed-${colorScheme}-${width}.png` })
    })
  }
}
