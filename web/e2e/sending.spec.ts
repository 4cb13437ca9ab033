/** A letter on its way to the desk: slow networks, lost answers, two windows; and the lock that it leaves behind. */
import type { Page } from '@playwright/test'
import { expect, signIn, test } from './fixtures'

const OPEN = 6
const SAY = '**/api/tickets/*/articles'

const editor = (page: Page) => page.getByRole('textbox', { name: 'Reply' })
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true })

async function begun(page: Page, number: string, words: string): Promise<void> {
  await signIn(page, 'ann', 'ann-secret', `/tickets/${number}`)
  await page.locator('article').first().waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(page.getByText('You have been working')).toBeVisible()
  if (words) await page.keyboard.type(words)
}

/** A gate before the desk: what comes to it waits until it is opened. */
function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

test('while a letter is being sent nothing can be typed that would be lost, and what is refused can be written on', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, 'Pull the plug.')
  const slow = gate()
  await page.route(SAY, async (route) => {
    await slow.opened
    await route.fulfill({ status: 503, body: '{"code": "away", "message": "The desk is away."}' })
  })
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Sending…' })).toBeVisible()
  await page.keyboard.type(' And the phone.')
  await page.keyboard.press('Control+Enter')
  await expect(editor(page)).toHaveText('Pull the plug.')
  await expect(editor(page)).toHaveAttribute('aria-readonly', 'true')
  slow.open()
  await expect(page.getByText('The desk is away.')).toBeVisible()
  await page.unroute(SAY)
  await page.keyboard.type(' And the phone.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles.map((each: { text: string }) => each.text).slice(1)).toEqual(['Pull the plug. And the phone.'])
})

test('a letter whose answer was lost on the way has been sent once, and is no draft after a reload', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, 'Pull the plug.')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.route(SAY, async (route) => {
    await route.fetch()
    await route.abort()
  })
  await send(page).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  await page.reload()
  await page.locator('#article-2').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(editor(page)).toHaveText('')
  expect(ticket.articles).toHaveLength(2)
})

test('a letter that never left is told of and kept, and the next click sends it', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, 'Pull the plug.')
  await page.route(SAY, (route) => route.abort())
  await send(page).click()
  await expect(page.getByText('The desk cannot be reached.')).toBeVisible()
  await page.unroute(SAY)
  await expect.poll(() => ticket.drafts[0]?.body.text).toBe('Pull the plug.')
  await send(page).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect([ticket.articles.length, ticket.drafts.length]).toEqual([2, 0])
})

test('a draft that is still being saved does not come back after its letter', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, '')
  const slow = gate()
  await page.route('**/drafts/reply', async (route) => {
    await slow.opened
    await route.continue()
  })
  const saving = page.waitForRequest('**/drafts/reply')
  await page.keyboard.type('Pull the plug.')
  await saving
  await send(page).click()
  await expect(page.getByRole('button', { name: 'Sending…' })).toBeVisible()
  slow.open()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.drafts).toEqual([])
})

test('what Ann has begun in one window stops before what she has sent from another', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const [one, other] = [await someone(), await someone()]
  await begun(one, ticket.number, 'Pull the plug.')
  await begun(other, ticket.number, 'Let me ask.')
  await send(other).click()
  await expect(other.getByText('Reply sent.')).toBeVisible()
  await expect(one.getByText('You have answered from another window meanwhile:')).toBeVisible()
  await expect(one.locator('blockquote').first()).toContainText('Let me ask.')
  await send(one).click()
  expect(ticket.articles).toHaveLength(2)
  await one.getByRole('button', { name: 'I have read it' }).click()
  await send(one).click()
  await expect(one.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles).toHaveLength(3)
})

test('after her own letter Ann writes the next one at once', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, 'Pull the plug.')
  const slow = gate()
  await send(page).click()
  await page.route(`**/api/tickets/${ticket.number}`, async (route) => {
    await slow.opened
    await route.continue()
  })
  await expect(page.getByText('Reply sent.')).toBeVisible()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.type('And the phone.')
  slow.open()
  await page.locator('#article-2').waitFor()
  await send(page).click()
  await expect(page.locator('#article-3')).toContainText('And the phone.')
})

test('a note that would set the state of a ticket that Ben holds says why it cannot', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').first().waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Note' }).fill('All done.')
  await page.getByRole('combobox', { name: 'State afterwards' }).selectOption('closed successful')
  ticket.lock = { agent: 'ben', epoch: 9, since: ticket.created, until: null }
  await page.getByRole('button', { name: 'Save note' }).click()
  await expect(page.locator('[data-kind=note] .notice.bad')).toContainText('locked')
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('All done.')
  expect(ticket.articles).toHaveLength(1)
})

test('who only looked into the composer leaves no lock behind; who has written does', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await begun(page, ticket.number, '')
  await page.getByRole('button', { name: 'Fold away' }).click()
  await expect(page.getByText('Nobody is working')).toBeVisible()
  await page.keyboard.press('r')
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await expect.poll(() => ticket.lock).toBeNull()
  await page.goto(`/tickets/${ticket.number}`)
  await page.locator('article').first().waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.type('So far')
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await page.getByRole('grid').or(page.getByRole('table')).first().waitFor()
  expect(ticket.lock.agent).toBe('ann')
})

test('a lock that Ann took on purpose stays when she closes an empty composer', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.getByRole('button', { name: 'Take it' }).click()
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await page.getByRole('button', { name: 'Fold away' }).click()
  await expect(page.getByRole('button', { name: 'Reply' })).toBeVisible()
  await expect(page.getByText('You have been working')).toBeVisible()
  expect(ticket.lock.agent).toBe('ann')
})

test('a long letter with files can be sent on a phone without scrolling for the button', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[OPEN]
  const page = await someone({ viewport: { width: 390, height: 664 }, hasTouch: true })
  await begun(page, ticket.number, '')
  await editor(page).fill(Array.from({ length: 40 }, (_, n) => `Line ${n}`).join('\n'))
  const files = Array.from({ length: 6 }, (_, n) => ({ name: `photo-${n}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') }))
  await page.locator('input[type=file]').last().setInputFiles(files)
  await expect(page.getByText('photo-5.txt')).toBeAttached()
  await expect(send(page)).toBeInViewport({ ratio: 1 })
})
