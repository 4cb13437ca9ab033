/** A slow network that loses answers, two windows of one agent, and locks that nobody uses. */
import type { Page, Route } from '@playwright/test'
import { accessible, expect, fits, signIn, test, type Mock } from './fixtures'

const composer = (page: Page) => page.getByRole('region', { name: 'Write' })
const text = (page: Page, name = 'Reply') => page.getByRole('textbox', { name })
const send = (page: Page, name = 'Send') => composer(page).getByRole('button', { name, exact: true })

/** Ann at a ticket with her reply begun; the editor is there. */
async function writing(page: Page, mock: Mock, words = 'Use water.', at = 6) {
  const ticket = mock.desk.tickets[at]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  return begun(page, ticket, words)
}

async function begun(page: Page, ticket: Mock['desk']['tickets'][number], words: string) {
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.keyboard.type(words)
  return ticket
}

/** Holds what is said back until it is let through, lost on its way, or answered without the desk. */
async function onTheWay(page: Page): Promise<() => Promise<Route>> {
  let came: (route: Route) => void
  const waiting = new Promise<Route>((resolve) => (came = resolve))
  await page.route('**/articles', (route) => came(route), { times: 1 })
  return () => waiting
}

test('while a letter is being sent nothing can be added to it; it says so, and keeps the focus', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  await expect(send(page, 'Sending…')).toHaveAttribute('aria-disabled', 'true')
  await expect(composer(page)).toHaveAttribute('aria-busy', 'true')
  await expect(composer(page).getByRole('status').filter({ hasText: 'Sending…' })).toHaveCount(1)
  await expect(text(page)).toBeFocused()
  await accessible(page, 'a letter on its way')
  await page.keyboard.type(' And more words.')
  await page.keyboard.press('Control+Enter')
  await expect(text(page)).toHaveText('Use water.')
  await expect(composer(page).getByLabel('Working time')).toBeDisabled()
  await (await asked()).continue()
  await expect(composer(page).getByRole('button', { name: 'Reply' })).toBeVisible()
  expect(ticket.articles.map((each: { text: string }) => each.text).slice(1)).toEqual(['Use water.'])
})

test('where sending fails she goes on where she was, with the keyboard alone', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  await (await asked()).abort()
  await expect(composer(page).getByText('The desk cannot be reached.')).toBeVisible()
  await expect(text(page)).toBeFocused()
  await page.keyboard.type(' Now.')
  const again = await onTheWay(page)
  await send(page).focus()
  await page.keyboard.press('Enter')
  await (await again()).abort()
  await expect(composer(page).getByText('The desk cannot be reached.')).toBeVisible()
  await expect(send(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect.poll(() => ticket.articles.at(-1).text).toBe('Use water. Now.')
  expect(ticket.articles).toHaveLength(2)
})

test('who is quicker than the lock waits for it, and her letter goes', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  let through: () => Promise<void>
  await page.route('**/lock', (route) => void (through = () => route.continue()), { times: 1 })
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.type('Use water.')
  await page.keyboard.press('Control+Enter')
  await expect(send(page, 'Sending…')).toBeVisible()
  await expect(composer(page).locator('.notice')).toHaveCount(0)
  await through!()
  await expect.poll(() => ticket.articles.at(-1).text).toBe('Use water.')
})

test('a note on its way stands still too', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${mock.desk.tickets[6].number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('n')
  await text(page, 'Note').fill('She called.')
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  await expect(send(page, 'Saving…')).toBeVisible()
  await page.keyboard.type('!')
  await expect(text(page, 'Note')).toHaveValue('She called.')
  await expect(text(page, 'Note')).toBeFocused()
  await (await asked()).continue()
  await expect(page.locator('[data-voice=note]')).toContainText('She called.')
})

test('a draft that could not be saved is saved when the network is back, without another word', { tag: '@long' }, async ({ someone, mock }) => {
  const page = await someone()
  await page.route('**/drafts/reply', (route) => route.abort(), { times: 1 })
  const ticket = await writing(page, mock)
  await expect(composer(page).getByText('Draft not saved')).toBeVisible()
  await expect.poll(() => ticket.drafts.length, { timeout: 15_000 }).toBe(1)
  await expect(composer(page).getByText('Draft saved')).toBeVisible()
})

test('who has left the ticket is told when her letter was not sent', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  await send(page, 'Sending…').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Otklik' }).first().click()
  await page.getByRole('grid').or(page.getByRole('table')).first().waitFor()
  await (await asked()).abort()
  await expect(page.getByText(`What you wrote in ${ticket.number} was not sent`)).toBeVisible()
  expect(ticket.drafts.map(({ body }: { body: { text: string } }) => body.text)).toEqual(['Use water.'])
})

test('a letter that has left although its answer was lost ends the composer, once and for all', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  const route = await asked()
  await route.fetch()
  await route.abort()
  await expect(page.getByText('Reply sent.')).toBeVisible({ timeout: 15_000 })
  await expect(text(page)).toHaveCount(0)
  expect(ticket.articles).toHaveLength(2)
  expect(ticket.drafts).toEqual([])
})

test('after a reload the draft of a letter that has left is not there again', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  await expect.poll(() => ticket.drafts.length).toBe(1)
  const kept = structuredClone(ticket.drafts)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.drafts.length).toBe(0)
  ticket.drafts = kept // a save that came late
  await page.reload()
  await expect(page.locator('[data-voice=agent]')).toContainText('Use water.')
  await expect(composer(page).getByText('Draft')).toHaveCount(0)
  await begun(page, ticket, 'And a bucket.')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.articles.at(-1).text).toBe('And a bucket.')
})

test('words that were added after a lost answer are another letter, and the first one is shown', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.route(`**/api/tickets/${ticket.number}`, (route) => route.abort())
  await page.keyboard.press('Control+Enter')
  const route = await asked()
  await route.fetch()
  await route.abort()
  await expect(composer(page).getByText('The desk cannot be reached.')).toBeVisible()
  await page.keyboard.type(' Not oil.')
  await page.unroute(`**/api/tickets/${ticket.number}`)
  await page.keyboard.press('Control+Enter')
  await expect(composer(page).getByText('An earlier version of this has been sent already')).toBeVisible()
  await expect(composer(page).getByText(/^You answered at .* from another window:/)).toBeVisible()
  await expect(text(page)).toHaveText('Use water. Not oil.')
  expect(ticket.articles).toHaveLength(2)
  await composer(page).getByRole('button', { name: 'I have read it' }).click()
  await send(page).click()
  await expect.poll(() => ticket.articles.length).toBe(3)
})

test('of two windows with one draft the other forgets it when it was sent', { tag: '@long' }, async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  await expect.poll(() => ticket.drafts.length).toBe(1)
  const other = await page.context().newPage()
  await other.goto(`/tickets/${ticket.number}`)
  await composer(other).getByRole('button', { name: 'Reply' }).click()
  await expect(text(other)).toHaveText('Use water.')
  await page.keyboard.press('Control+Enter')
  await expect(other.getByText(/^This was sent from another window at/)).toBeVisible({ timeout: 15_000 })
  await expect(text(other)).toHaveCount(0)
  expect(ticket.articles).toHaveLength(2)
})

test('a second letter from a window that has not seen the first is stopped, and shows it', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  const other = await page.context().newPage()
  await other.goto(`/tickets/${ticket.number}`)
  await begun(page, ticket, 'Use water.')
  await begun(other, ticket, 'Use sand.')
  await other.route(`**/api/tickets/${ticket.number}`, (route) => route.abort()) // it does not hear of the first
  await page.bringToFront()
  await text(page).focus()
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.articles.length).toBe(2)
  await other.bringToFront()
  await text(other).focus()
  await other.keyboard.press('Control+Enter')
  await expect(composer(other).getByText('There is something new in this ticket')).toBeVisible()
  await other.unroute(`**/api/tickets/${ticket.number}`)
  await expect(composer(other).getByText(/^You answered at .* from another window:/)).toBeVisible({ timeout: 15_000 })
  await expect(composer(other).locator('blockquote').first()).toContainText('Use water.')
  await expect(text(other)).toHaveText('Use sand.')
  expect(ticket.articles).toHaveLength(2)
})

test('a note with a state that only the holder may set says why it was not saved, and what to do', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  ticket.lock = { agent: 'ben', epoch: 9, since: new Date().toISOString(), until: null }
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('n')
  await text(page, 'Note').fill('She called.')
  await composer(page).getByLabel('State afterwards').selectOption('open')
  await send(page, 'Save note').click()
  await expect(composer(page).getByText(/Ben Brook has been working on this ticket since .* Nothing was saved; your text is kept\./)).toBeVisible()
  await accessible(page, 'a note with a state that is not hers to set')
  await composer(page).getByRole('button', { name: 'Leave the state as it is' }).click()
  await expect(composer(page).locator('.notice.bad')).toHaveCount(0)
  await send(page, 'Save note').click()
  await expect.poll(() => ticket.articles.at(-1)).toMatchObject({ kind: 'note', text: 'She called.' })
})

test('where others change the ticket all the time, that is said, and the words stay', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await writing(page, mock)
  const asked = await onTheWay(page)
  await page.keyboard.press('Control+Enter')
  await (await asked()).fulfill({ status: 409, json: { code: 'conflict', reason: 'changed', message: 'Others keep changing this ticket; please try again.' } })
  await expect(composer(page).getByText('please try once more')).toBeVisible()
  await expect(text(page)).toHaveText('Use water.')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.articles.length).toBe(2)
})

test.describe('a lock that was taken by opening the composer', () => {
  const holder = (ticket: { lock: { agent: string } | null }) => ticket.lock?.agent ?? null

  test('goes when the empty composer is closed', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = await writing(page, mock, '')
    expect(holder(ticket)).toBe('ann')
    await composer(page).getByRole('button', { name: 'Fold away' }).click()
    await expect.poll(() => holder(ticket)).toBeNull()
    await expect(page.getByText('Nobody is working on this')).toBeVisible()
    await page.keyboard.press('r')
    await expect.poll(() => holder(ticket)).toBe('ann')
    await expect(composer(page).locator('.notice.bad')).toHaveCount(0)
  })

  test('goes when the ticket or the page is left without a word', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = await writing(page, mock, '')
    expect(holder(ticket)).toBe('ann')
    await page.goto('about:blank')
    await expect.poll(() => holder(ticket)).toBeNull()
    await page.goto(`/tickets/${ticket.number}`)
    await begun(page, ticket, '')
    await page.reload()
    await expect.poll(() => holder(ticket)).toBeNull()
    await begun(page, ticket, '')
    await page.keyboard.press('Escape')
    await page.keyboard.press('u')
    await expect.poll(() => holder(ticket)).toBeNull()
  })

  test('stays while words are written under it, also after they were left', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = await writing(page, mock, 'Dear')
    await composer(page).getByRole('button', { name: 'Fold away' }).click()
    await page.reload()
    await expect(composer(page).getByText('Draft')).toBeVisible()
    expect(holder(ticket)).toBe('ann')
  })

  test('goes when all words are taken out again', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = await writing(page, mock, 'D')
    await expect.poll(() => ticket.drafts.length).toBe(1)
    await page.keyboard.press('Backspace')
    await composer(page).getByRole('button', { name: 'Fold away' }).click()
    await expect.poll(() => holder(ticket)).toBeNull()
  })

  test('stays after the answer was sent, as with OTRS', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = await writing(page, mock)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('Reply sent.')).toBeVisible()
    await page.reload()
    await expect(page.getByText('You have been working')).toBeVisible()
    expect(holder(ticket)).toBe('ann')
  })

  test('and one that she took by a click of its own stays', async ({ someone, mock }) => {
    const page = await someone()
    const ticket = mock.desk.tickets[6]
    await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
    await page.getByRole('button', { name: 'Take it' }).click()
    await expect.poll(() => holder(ticket)).toBe('ann')
    await begun(page, ticket, '')
    await composer(page).getByRole('button', { name: 'Fold away' }).click()
    await page.reload()
    await expect(page.getByText('You have been working')).toBeVisible()
    expect(holder(ticket)).toBe('ann')
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`on a phone “Send” is always in reach, below a long letter with its quote and files, ${colorScheme}`, async ({ someone, mock }) => {
    const page = await someone({ viewport: { width: 390, height: 700 }, colorScheme })
    const ticket = mock.desk.tickets[6]
    ticket.articles[0].text = 'It burns, and it goes on burning. '.repeat(40)
    ticket.customer.name = 'Carla '.repeat(20).trim()
    await writing(page, mock, 'Use water, much of it. '.repeat(20))
    await composer(page).locator('input[type=file]:not([data-picture])').setInputFiles([1, 2, 3, 4, 5].map((n) => ({ name: `a-plan-of-the-house-${n}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from('plan') })))
    await composer(page).getByRole('button', { name: 'Show the quote' }).click()
    await composer(page).getByLabel('State afterwards').selectOption('pending reminder')
    const reached = () => send(page).evaluate((button) => {
      const { left, top, width, height } = button.getBoundingClientRect()
      return button.contains(document.elementFromPoint(left + width / 2, top + height - 2))
    })
    await expect.poll(reached).toBe(true)
    await composer(page).evaluate((whole) => whole.scrollTo(0, 0))
    expect(await reached()).toBe(true)
    await expect(composer(page).getByRole('button', { name: 'Fold away' })).toBeInViewport()
    await composer(page).evaluate((whole) => whole.scrollTo(0, whole.scrollHeight))
    expect(await reached()).toBe(true)
    await expect(composer(page).getByText('a-plan-of-the-house-5.pdf')).toBeInViewport()
    await fits(page, 'a long letter on a phone')
    await accessible(page, 'a long letter on a phone')
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/long-letter-${colorScheme}.png` })
    await send(page).click()
    await expect.poll(() => ticket.articles.length).toBe(2)
  })
}
