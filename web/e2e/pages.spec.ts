/** What a ticket's page, the lists and the outbox say, and where they lead. */
import type { Page } from '@playwright/test'
import { accessible, expect, fits, signIn, test, type Mock } from './fixtures'

test('the outbox says as the ticket does that a letter stays, since the customer was faster', async ({ someone, mock }) => {
  const page = await someone()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const delivery = { state: 'due', at: new Date().toISOString(), detail: '', not_before: tomorrow }
  const mail = { number: mock.desk.tickets[0].number, title: 'Code', queue: 'Support', article: '7', kind: 'reply', to: [], subject: 'Did it help?', delivery, stays: true }
  mock.desk.waiting = [mail, { ...mail, article: '8', subject: 'Anything else?', stays: false }]
  await signIn(page, 'ann', 'ann-secret', '/outbox')
  const stays = page.getByRole('listitem').filter({ hasText: 'Did it help?' })
  await expect(stays).toContainText('Will not leave: the customer has written first.')
  await expect(stays).toContainText('stopped')
  await expect(stays).not.toContainText('leaves at')
  await expect(page.getByRole('listitem').filter({ hasText: 'Anything else?' })).toContainText('leaves at')
})

test('history and lists call people by their names, also who has left, and speak Russian', async ({ someone, mock }) => {
  const page = await someone()
  const [held, ticket] = [mock.desk.tickets[4], mock.desk.tickets[8]]
  ticket.owner = 'lena'
  const at = new Date().toISOString()
  const event = { name: '', old: null, new: null, detail: {}, at }
  ticket.history = [
    { ...event, type: 'NewTicket', by: 'system' },
    { ...event, type: 'FollowUp', by: 'system', detail: { article: 5 } },
    { ...event, type: 'WebRequestCustomer', by: 'customer' },
    { ...event, type: 'OwnerUpdate', by: 'ben', name: 'owner', old: 'ann', new: 'lena' },
    { ...event, type: 'Lock', by: 'lena', old: 'ben', detail: { taken_over: true } },
    { ...event, type: 'Unlock', by: 'gone' },
  ]
  await signIn(page, 'olga')
  const row = (number: string) => page.getByRole('row').filter({ has: page.locator(`[data-row="${number}"]`) })
  await expect(row(held.number)).toContainText('Ben Brook')
  await expect(row(ticket.number)).toContainText('Lena Left')
  await page.locator('#filter').fill('lena left')
  await expect(page.locator('[data-row]')).toHaveCount(1)
  await page.goto(`/tickets/${ticket.number}`)
  await expect(page.getByRole('combobox', { name: 'Владелец' }).locator('option:checked')).toHaveText('Lena Left')
  await page.getByText('История').click()
  const told = page.locator('details li')
  const { name } = ticket.customer
  await expect(told).toContainText(['Служба открыл(а) заявку', `${name} написал(а) снова`, `${name} написал(а) на портале`, 'Ben Brook владелец: Ann Archer → Lena Left', 'Lena Left перехватил(а) блокировку: Ben Brook', 'gone снял(а)'])
})

test('a ticket moved to a queue that Ann does not see leads back to her list, and says where it went', async ({ someone, mock }) => {
  mock.desk.unseen = ['Billing']
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', '/?queue=Support')
  await page.locator(`[data-row="${ticket.number}"]`).click()
  await page.getByRole('combobox', { name: 'Queue' }).selectOption('Billing')
  await expect(page).toHaveURL(/\/\?queue=Support$/)
  await expect(page.getByText('Moved to Billing, a queue that you do not see.')).toBeVisible()
  await expect(page.locator('[data-row]').first()).toBeVisible()
  expect(ticket.queue).toBe('Billing')
})

test('a ticket that a colleague moves away while Ann reads it says so instead of an error', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('#ticket-title').waitFor()
  ticket.queue = 'Billing'
  mock.desk.unseen = ['Billing']
  await page.getByRole('combobox', { name: 'Priority' }).selectOption('High')
  await expect(page.getByText('somebody moved it to a queue that you do not see')).toBeVisible()
  await page.getByRole('link', { name: 'To the list' }).click()
  await expect(page.locator('[data-row]').first()).toBeVisible()
})

const PHONE = { width: 390, height: 800 }

/** A ticket of many letters, the last of which fits on the screen together with others. */
function long(mock: Mock, letters = 30) {
  const ticket = mock.desk.tickets[6]
  const [first] = ticket.articles
  ticket.articles = Array.from({ length: letters }, (_, n) => letter(first, n + 1))
  return Object.assign(ticket, { article_count: letters, last_customer_seq: letters })
}

const letter = (like: object, seq: number, text = `This is letter ${seq}.`) => ({ ...like, id: String(seq), seq, text, attachments: [] })

for (const viewport of [{ width: 1280, height: 800 }, PHONE]) {
  test(`the last letter stays in sight when the composer opens; who reads above is told what lies below, ${viewport.width} px`, async ({ someone, mock }) => {
    const page = await someone({ viewport })
    const ticket = long(mock)
    await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
    const last = page.getByText('This is letter 30.')
    await last.waitFor()
    await expect(last).toBeInViewport()
    await page.keyboard.press('r')
    await page.getByRole('toolbar').waitFor()
    await expect(last).toBeInViewport({ ratio: 0.9 })
    await expect.poll(() => covered(page, 30)).toBe(false)
    await page.locator('#article-28').evaluate((card) => card.scrollIntoView({ block: 'end' }))
    const below = page.getByRole('button', { name: /^\d+ letters? below/ })
    const firstBelow = async (): Promise<number> => 31 - parseInt((await below.textContent())!)
    await expect.poll(async () => [await covered(page, await firstBelow()), await covered(page, (await firstBelow()) - 1)]).toEqual([true, false])
    const first = await firstBelow()
    await below.click()
    await expect(page.getByRole('textbox', { name: 'Reply' })).toBeFocused()
    await expect.poll(() => covered(page, first)).toBe(false)
  })
}

/** Whether the composer, or the end of the room for letters, hides the words of a letter of one line. */
const covered = (page: Page, seq: number): Promise<boolean> =>
  page.evaluate((seq) => {
    const { top, left } = document.querySelector(`#article-${seq} > :last-child`)!.getBoundingClientRect()
    return !document.elementFromPoint(left + 16, top + 12)?.closest(`#article-${seq}`)
  }, seq)

test('a letter that comes below while Ann reads above is told, and a key leads to it', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = long(mock)
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.getByText('This is letter 30.').hover()
  await page.mouse.wheel(0, -1500)
  await expect(page.getByRole('button', { name: /\d+ letters below/ })).toBeVisible()
  ticket.articles = [...ticket.articles, letter(ticket.articles[0], 31, 'One more thing.')]
  ticket.version += 1
  await page.getByRole('combobox', { name: 'Priority' }).selectOption('High') // which looks at the ticket anew
  const news = page.getByRole('button', { name: 'New letter below' })
  await expect(news).toBeVisible()
  await news.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('One more thing.')).toBeInViewport()
  await expect(page.locator('li', { has: page.locator('#article-31') })).toBeFocused()
  await expect(news).toHaveCount(0)
})

test('what Ann has sent comes into sight and has the focus', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = long(mock)
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.getByText('This is letter 30.').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Billing knows.')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('li', { has: page.locator('#article-31') })).toBeFocused()
  await expect(page.getByText('Billing knows.')).toBeInViewport()
})

test('on a phone, what is about the ticket opens over its letters; Esc and Back close it where one was', async ({ someone, mock }) => {
  const page = await someone({ viewport: PHONE })
  const ticket = long(mock)
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  const opener = page.getByRole('button', { name: 'About this ticket' })
  await page.getByText('This is letter 30.').waitFor()
  await opener.click()
  const about = page.getByRole('complementary', { name: 'About this ticket' })
  await expect(about.getByRole('heading', { name: 'About this ticket' })).toBeFocused()
  await expect(about.getByRole('combobox', { name: 'Queue' })).toBeInViewport()
  await expect(page.getByText('This is letter 30.')).toBeHidden()
  await accessible(page, 'about')
  await fits(page, 'about')
  await page.keyboard.press('Escape')
  await expect(about).toBeHidden()
  await expect(opener).toBeFocused()
  await expect(page.getByText('This is letter 30.')).toBeInViewport()
  await opener.click()
  await about.getByRole('combobox', { name: 'Priority' }).selectOption('High')
  await page.goBack()
  await expect(about).toBeHidden()
  await expect(page).toHaveURL(new RegExp(`/tickets/${ticket.number}$`))
  await page.goto(`/tickets/${ticket.number}#about`)
  await about.getByRole('button', { name: 'Close' }).click()
  await expect(about).toBeHidden()
  await expect(page.getByRole('heading', { name: ticket.title })).toBeVisible()
})

test('on a phone, what the desk says in passing covers neither the subject nor the buttons below', async ({ someone, mock }) => {
  const page = await someone({ viewport: PHONE })
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  const said = (await page.locator('.toast').boundingBox())!
  const title = (await page.locator('#ticket-title').boundingBox())!
  const reply = (await page.getByRole('button', { name: 'Reply' }).boundingBox())!
  expect(said.y).toBeGreaterThan(title.y + title.height)
  expect(said.y + said.height).toBeLessThanOrEqual(reply.y)
})

test('letters from right to left are read from the right, paragraph by paragraph, in the desk and in the portal', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  ticket.title = 'الطابعة لا تعمل'
  const [first] = ticket.articles
  ticket.articles = [letter({ ...first, from: ticket.customer }, 1, 'مرحبا\nHello'), { ...letter(first, 2, 'שלום'), html: '<p>שלום</p>' }]
  const other = { title: 'שלום', state: 'open', queue: 'Support', customer: ticket.customer }
  ticket.links = [{ number: mock.desk.tickets[7].number, kind: 'normal', back: false, email: '', doubt: null, other }]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  const sides = (text: string) =>
    page.getByText(text).evaluate((element) => {
      const width = element.getBoundingClientRect()
      const range = document.createRange()
      const lines = element.firstChild!
      const side = (from: number, to: number): string => {
        range.setStart(lines, from)
        range.setEnd(lines, to)
        const { left, right } = range.getBoundingClientRect()
        return left - width.left < width.right - right ? 'left' : 'right'
      }
      return [side(0, 5), side(6, 11)]
    })
  expect(await sides('مرحبا')).toEqual(['right', 'left'])
  await expect(page.frameLocator('iframe.mail-frame').locator('body')).toHaveCSS('direction', 'rtl')
  await expect(page.locator('#ticket-title button')).toHaveCSS('direction', 'rtl')
  await expect(page.getByRole('complementary').locator('bdi', { hasText: 'שלום' })).toHaveCSS('direction', 'rtl')
  await proven(page, '/portal')
  await page.getByRole('link', { name: ticket.title }).click()
  expect(await sides('مرحبا')).toEqual(['right', 'left'])
})

test('addresses in letters are links in the portal, as in the desk', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  const [first] = ticket.articles
  ticket.articles = [letter({ ...first, sender: 'agent', kind: 'reply' }, 1, 'Please see (https://example.org/help?a=1&b=2).')]
  await proven(page, `/portal/tickets/${ticket.number}`)
  const link = page.getByRole('link', { name: 'https://example.org/help?a=1&b=2', exact: true })
  await expect(link).toHaveAttribute('href', 'https://example.org/help?a=1&b=2')
  await expect(link).toHaveAttribute('target', '_blank')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
})

async function proven(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Your mail address').fill('carla@example.org')
  await page.keyboard.press('Enter')
  await page.getByLabel('Code').fill('123456')
  await page.keyboard.press('Enter')
}

test('in a long ticket Carla goes to the newest letter with a key, and on from what says that hers has arrived', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = long(mock)
  await proven(page, `/portal/tickets/${ticket.number}`)
  await page.getByRole('button', { name: 'To the newest letter' }).press('Enter')
  await expect(page.getByText('This is letter 30.')).toBeInViewport()
  await expect(page.locator('.said').nth(29)).toBeFocused()
  await page.getByLabel('Your answer').fill('Thank you.')
  await page.getByRole('button', { name: 'Send' }).press('Enter')
  await expect(page.getByText('your answer has arrived')).toBeFocused()
  expect(ticket.articles).toHaveLength(31)
})

test('on a phone a very long subject leaves room for the letters, and many files for the next one', async ({ someone, mock }) => {
  const page = await someone({ viewport: PHONE })
  const ticket = mock.desk.tickets[6]
  ticket.title = 'Invoice for October and November '.repeat(20)
  const file = { content_type: 'application/pdf', size: 1000, inline: false, content_id: null, quarantined: false, link_until: null }
  ticket.articles[0].attachments = Array.from({ length: 40 }, (_, n) => ({ ...file, n: n + 1, filename: `figures-${n + 1}.pdf` }))
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  expect((await page.locator('#ticket-title').boundingBox())!.height).toBeLessThan(90)
  const files = page.getByRole('link', { name: /figures-/ })
  await expect(files).toHaveCount(5)
  await page.getByRole('button', { name: 'All 40 files' }).click()
  await expect(files).toHaveCount(40)
  await proven(page, '/portal')
  expect((await page.locator('.entry .title').filter({ hasText: 'October' }).boundingBox())!.height).toBeLessThan(90)
})
