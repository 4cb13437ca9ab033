import type { Page } from '@playwright/test'
import { accessible, expect, signIn, test } from './fixtures'

test('Ann signs in, walks the list by keys on a Russian keyboard, and comes back to where she was', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann')
  const press = (code: string, key: string) =>
    page.evaluate(([code, key]) => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true })), [code, key])
  await page.locator('[data-row]').first().waitFor()
  await press('KeyJ', 'о')
  await press('KeyJ', 'о')
  await expect(page.locator('[data-row]:focus')).toHaveAttribute('data-row', mock.desk.tickets[1].number)
  await page.keyboard.press('Enter')
  await expect(page.locator('#ticket-title')).toHaveText(mock.desk.tickets[1].title)
  await press('KeyU', 'г')
  await expect(page.locator('[data-row]:focus')).toHaveAttribute('data-row', mock.desk.tickets[1].number)
})

test('a wrong password is told, and a second factor, a first password and a forgotten one have their steps', async ({ someone }) => {
  const page = await someone()
  await page.goto('/')
  const fill = (name: string, value: string) => page.locator(`input[name=${name}]`).fill(value)
  const go = () => page.locator('form button.primary').click()
  await fill('login', 'ann')
  await fill('password', 'wrong')
  await go()
  await expect(page.getByRole('alert')).toHaveText('Login or password is wrong.')
  await page.getByText('Forgotten password').click()
  await fill('login', 'ann')
  await go()
  await fill('code', '123456')
  await fill('password', 'ann-secret-2')
  await go()
  await expect(page.getByRole('status').first()).toContainText('was changed')
  await fill('login', 'fresh')
  await fill('password', 'x')
  await go()
  await expect(page.getByRole('heading')).toHaveText('Your own password')
  await page.reload()
  await fill('login', 'factor')
  await fill('password', 'x')
  await go()
  await fill('code', '123456')
  await go()
  await expect(page.locator('#main')).toBeVisible()
})

test('the filter looks at once and stands in the address; a column sorts; closed ones have a list', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.locator('[data-row]').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('oslo eve')
  await expect(page).toHaveURL(/q=oslo/)
  const fitting = mock.desk.tickets.filter((ticket) => ticket.title.includes('Oslo') && ticket.customer.name === 'Eve').length
  await expect(page.locator('[data-row]')).toHaveCount(fitting)
  await page.reload()
  await expect(page.locator('[data-row]')).toHaveCount(fitting)
  await page.goto('/')
  await page.getByRole('button', { name: 'Sender' }).click()
  await expect(page).toHaveURL(/sort=customer/)
  await expect(page.getByRole('columnheader', { name: 'Sender' })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('link', { name: 'Closed tickets' }).click()
  await expect(page.getByText('No tickets here.')).toBeVisible()
})

test('a reply takes the lock, is drafted on the server, and leaves with its files, time and state', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('eeee The code is on its way.')
  await expect(page.getByText('You have been working on this ticket')).toBeVisible()
  expect(ticket.lock.agent).toBe('ann')
  expect(ticket.state).toBe('open') // not one of those keys went past the box
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: /Reply/ }).click()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('eeee The code is on its way.')
  await page.locator('input[type=file]:not([data-picture])').setInputFiles({ name: 'code.txt', mimeType: 'text/plain', buffer: Buffer.from('123456') })
  await page.getByLabel('Working time').fill('1:30')
  await page.getByLabel('State afterwards').selectOption('closed successful')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  const said = ticket.articles.at(-1)
  expect([said.kind, said.time_units, said.attachments.length, ticket.state]).toEqual(['reply', 90, 1, 'closed successful'])
  expect(ticket.drafts).toEqual([])
})

test('Ben sees who holds the ticket, takes it over after a question, and Ann keeps her text', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[7]
  const ann = await someone()
  await signIn(ann, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await ann.locator('article').waitFor()
  await ann.keyboard.press('r')
  await ann.keyboard.type('Oslo takes four days.')
  await expect.poll(() => ticket.lock?.agent).toBe('ann')
  const ben = await someone()
  await signIn(ben, 'ben', 'ben-secret', `/tickets/${ticket.number}`)
  await expect(ben.getByRole('status').filter({ hasText: 'has been working on this ticket since' })).toBeVisible()
  await ben.getByRole('button', { name: 'Take over' }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await expect(ben.getByText('You have been working')).toBeVisible()
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.getByText('nothing was sent. Your text is kept.')).toBeVisible()
  await expect(ann.getByRole('textbox', { name: 'Reply' })).toHaveText('Oslo takes four days.')
  expect(ticket.articles).toHaveLength(1)
  await ann.locator('section').getByRole('button', { name: 'Take over' }).click()
  await ann.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles).toHaveLength(2)
})

const banner = (page: Page) => page.getByRole('status').filter({ has: page.getByRole('button') })
const composer = (page: Page) => page.getByRole('region', { name: 'Write' })

async function begun(page: Page, number: string, login: string, words: string) {
  await signIn(page, login, `${login}-secret`, `/tickets/${number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.type(words)
}

test('whoever takes over above the ticket while he writes can send at once', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[7]
  ticket.lock = { agent: 'ann', epoch: 4, since: ticket.created, until: null }
  const ben = await someone()
  await begun(ben, ticket.number, 'ben', 'Oslo takes four days.')
  await expect(composer(ben).getByText('only the holder of the lock can send')).toBeVisible()
  await ben.getByRole('button', { name: 'Send', exact: true }).click()
  expect(ticket.articles).toHaveLength(1)
  await banner(ben).getByRole('button', { name: 'Take over' }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await expect(composer(ben).locator('.notice.bad')).toHaveCount(0)
  await ben.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ben.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles).toHaveLength(2)
})

test('who lost the lock sends under it again only after taking it back, above the ticket or below', { tag: '@long' }, async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[7]
  const ann = await someone()
  await begun(ann, ticket.number, 'ann', 'Oslo takes four days.')
  await expect(ann.getByText('You have been working')).toBeVisible()
  ticket.lock = { agent: 'ben', epoch: 5, since: ticket.created, until: null }
  ticket.version += 1
  await expect(composer(ann).getByText('took the lock over at')).toBeVisible({ timeout: 15_000 })
  ticket.lock = { agent: 'ann', epoch: 6, since: ticket.created, until: null } // in another window of hers
  ticket.version += 1
  await expect(composer(ann).getByText('You took the lock in another window.')).toBeVisible({ timeout: 15_000 })
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  expect(ticket.articles).toHaveLength(1)
  await banner(ann).getByRole('button', { name: 'Unlock' }).click()
  await expect(composer(ann).getByText('Nobody holds the lock now.')).toBeVisible()
  await banner(ann).getByRole('button', { name: 'Take it' }).click()
  await expect(composer(ann).locator('.notice.bad')).toHaveCount(0)
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.getByText('Reply sent.')).toBeVisible()
})

test('a reply stops before a letter that Ann has not seen, shows it, and goes once she has read it', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[6]
  const [first] = ticket.articles
  first.cc = [{ name: 'Dave', email: 'dave@example.org' }]
  ticket.participants = [ticket.customer.email, 'dave@example.org']
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('Here is the code.')
  await expect(page.getByText('You have been working')).toBeVisible()
  ticket.articles.push({ ...ticket.articles[0], id: '2', seq: 2, cc: [], text: 'Never mind, it came.' })
  Object.assign(ticket, { article_count: 2, last_customer_seq: 2, version: ticket.version + 1 })
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('The customer has written again:')).toBeVisible()
  await expect(page.locator('blockquote')).toContainText('Never mind, it came.')
  expect(ticket.articles).toHaveLength(2)
  await page.getByRole('button', { name: 'I have read it' }).click()
  await expect(page.getByLabel('Cc', { exact: true })).toHaveValue('Dave <dave@example.org>')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
})

test('what Ben has typed stops before the answer that Ann has sent meanwhile, and goes once he has read it', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[6]
  ticket.lock = { agent: 'ann', epoch: 4, since: ticket.created, until: null }
  const ben = await someone()
  await begun(ben, ticket.number, 'ben', 'No.')
  const answer = { kind: 'reply', sender: 'agent', by: 'ann', text: 'Yes, of course.' }
  ticket.articles.push({ ...ticket.articles[0], ...answer, id: '2', seq: 2 })
  Object.assign(ticket, { article_count: 2, version: ticket.version + 1 })
  await composer(ben).getByRole('button', { name: 'Take over' }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await expect(composer(ben).getByText('A colleague has answered meanwhile:')).toBeVisible()
  await expect(composer(ben).locator('blockquote').first()).toContainText('Yes, of course.')
  await ben.getByRole('button', { name: 'Send', exact: true }).click()
  expect(ticket.articles).toHaveLength(2)
  await ben.getByRole('button', { name: 'I have read it' }).click()
  await ben.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ben.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles).toHaveLength(3)
})

test('a mail that has not left can be stopped; a note has its own draft', async ({ someone, mock }) => {
  mock.desk.undo = 10
  const ticket = mock.desk.tickets[6]
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('Too early.')
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.getByRole('button', { name: 'Note' }).click()
  await page.getByRole('textbox', { name: 'Note' }).fill('For colleagues.')
  await page.getByRole('button', { name: 'Save note' }).click()
  await expect(page.locator('[data-voice=note]')).toContainText('For colleagues.')
  await page.getByRole('button', { name: /Reply/ }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.locator('[data-voice=agent]').getByRole('button', { name: 'Undo' }).click()
  await expect(page.locator('[data-voice=agent]')).toContainText('stopped')
})

async function replied(page: Page, number: string, words: string) {
  await signIn(page, 'ann', 'ann-secret', `/tickets/${number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.keyboard.type(words)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}

test('a reply is held for ten seconds; taken back, its words are in the composer and the ticket is what it was', async ({ someone, mock }) => {
  mock.desk.undo = 10
  const ticket = mock.desk.tickets[6]
  const before = ticket.state
  const page = await someone()
  await replied(page, ticket.number, 'Too early.')
  await expect(page.locator('[data-voice=agent]')).toContainText(/Leaves in \d+ s/)
  expect(ticket.state).toBe('pending auto close+')
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Stopped; nothing has left.')).toBeVisible()
  await expect(page.getByText('Leaves in')).toHaveCount(0)
  const stopped = page.locator('[data-voice=agent]')
  await expect(stopped).not.toContainText('Too early.')
  await stopped.getByRole('button', { name: 'Show it' }).click()
  await expect(stopped).toContainText('Too early.')
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('Too early.')
  expect(ticket.state).toBe(before)
  await page.getByRole('textbox', { name: 'Reply' }).press('End')
  await page.keyboard.type(' Or not.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => ticket.articles.at(-1).text).toBe('Too early. Or not.')
})

test('it is taken back from the list as well, and leaves by itself where nobody does', { tag: '@long' }, async ({ someone, mock }) => {
  mock.desk.undo = 3
  const ticket = mock.desk.tickets[6]
  const page = await someone()
  await replied(page, ticket.number, 'On second thoughts.')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Otklik' }).first().click()
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('On second thoughts.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => ticket.articles.at(-1).delivery.state).toBe('sent')
  await expect(page.locator('[data-voice=agent]').last()).toContainText('sent')
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)
})

test('whoever is too late with undo is told so', async ({ someone, mock }) => {
  mock.desk.undo = 10
  const ticket = mock.desk.tickets[6]
  const page = await someone()
  await replied(page, ticket.number, 'Gone.')
  const undo = page.getByRole('status').getByRole('button', { name: 'Undo' })
  await undo.waitFor()
  ticket.articles.at(-1).delivery.state = 'sent'
  await undo.click()
  await expect(page.getByText('Too late: it has left already.')).toBeVisible()
})

test('fields are changed beside the ticket, and closing can be undone', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[5]
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.getByRole('combobox', { name: 'Priority' }).selectOption('5')
  await expect.poll(() => ticket.priority).toBe(5)
  await page.getByRole('combobox', { name: 'Queue' }).selectOption('Billing')
  await expect.poll(() => ticket.queue).toBe('Billing')
  await page.getByRole('combobox', { name: 'State' }).selectOption('pending reminder')
  await expect.poll(() => Boolean(ticket.pending_until)).toBe(true)
  await page.locator('#ticket-title button').click()
  await page.getByLabel('Subject').fill('Another subject')
  await page.keyboard.press('Enter')
  await expect.poll(() => ticket.title).toBe('Another subject')
  await page.getByLabel('Tags').fill('urgent')
  await page.keyboard.press('Enter')
  await expect.poll(() => ticket.tags).toEqual(['urgent'])
  await page.locator('header').getByRole('button', { name: 'Close', exact: true }).click()
  await expect.poll(() => ticket.state).toBe('closed successful')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => ticket.state).toBe('pending reminder')
})

test('somebody calls: the known customer is found, and the call becomes a ticket', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.keyboard.press('c')
  await page.getByRole('combobox', { name: 'Customer’s address' }).or(page.locator('input[role=combobox]')).fill('carla')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByLabel('Subject').fill('She cannot sign in')
  await page.getByLabel('What was said').fill('The password does not work since Monday.')
  await page.getByLabel('Working time').fill('5')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('#ticket-title')).toHaveText('She cannot sign in')
  expect(mock.desk.tickets[0]).toMatchObject({ channel: 'phone', customer: { name: 'Carla Conti', email: 'carla@example.org' }, time_units: 5, owner: 'ann' })
})

test('failed mails are listed and taken in once more', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.getByRole('link', { name: /Failed mails/ }).click()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Every mail was taken in.')).toBeVisible()
  expect(mock.desk.failed).toEqual([])
})

test('the language and the theme are chosen in the menu and kept', async ({ someone }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.getByRole('button', { name: /Ann Archer/ }).click()
  await page.getByRole('button', { name: 'Русский' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru')
  await page.getByRole('button', { name: /Ann Archer/ }).click()
  await page.getByRole('button', { name: 'Тёмная тема' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark') // the browser's own icons, lists and scroll bars, too
  await expect(page.getByText('Все заявки')).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('Следующая / предыдущая заявка')
})

test('a second factor is switched on with the first code of the app', async ({ someone }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.getByRole('button', { name: /Ann Archer/ }).click()
  await page.getByRole('button', { name: 'Second factor' }).click()
  await page.getByRole('dialog').getByLabel('Password').fill('ann-secret')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('JBSWY3DPEHPK3PXP')
  await accessible(page, 'second factor')
  await page.getByRole('dialog').getByLabel('Code').fill('123456')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Second factor switched on.')).toBeVisible()
})

test('words that were typed are there again after a look at the list', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.locator('[data-row]').nth(6).click()
  await page.locator('article').waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Half a thought')
  await page.getByRole('link', { name: 'To the list' }).click()
  await page.locator('[data-row]').nth(6).click()
  await page.getByRole('button', { name: /Note/ }).click()
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('Half a thought')
  await expect.poll(() => mock.desk.tickets[6].drafts[0]?.body.text).toBe('Half a thought')
})

test('Ann signs out, and Ben who comes after her sees nothing of hers', async ({ someone }) => {
  const page = await someone()
  await signIn(page, 'ann')
  await page.getByRole('button', { name: /Ann Archer/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.locator('input[name=login]').fill('ben')
  await page.locator('input[name=password]').fill('ben-secret')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /Ben Brook/ })).toBeVisible()
})
