/** What a ticket's page, the lists and the outbox say, and where they lead. */
import { expect, signIn, test } from './fixtures'

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
