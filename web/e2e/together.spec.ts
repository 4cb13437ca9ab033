/** Tickets that belong together, people who may join, mails that came back, files that may not be opened. */
import { expect, signIn, test } from './fixtures'

const TROUBLED = 1
const about = (page: import('@playwright/test').Page) => page.getByRole('complementary', { name: 'About this ticket' })

test('a mail that came back says so, and its report leads to it', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await expect(page.locator('#article-2')).toContainText('This mail came back.')
  await expect(page.locator('#article-2')).toContainText('There is no such mailbox.')
  await expect(page.locator('#article-3')).toContainText('Delivery report: not delivered')
  await expect(page.locator('#article-3').getByRole('link', { name: /about the mail of/ })).toHaveAttribute('href', '#article-2')
  await expect(about(page)).toContainText('Mail does not reach this address. There is no such mailbox.')
  await page.keyboard.press('r')
  await expect(page.getByText('Mail to ivan@example.ru does not arrive.')).toBeVisible()
  await page.locator('#article-2').getByRole('button', { name: 'Send again' }).click()
  await expect(page.getByText('The mail is being sent again.')).toBeVisible()
  expect(ticket.articles[1].delivery.state).toBe('sent')
})

test('a file in quarantine cannot be downloaded; one that left as a link says until when', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${mock.desk.tickets[TROUBLED].number}`)
  const files = page.locator('#article-1').getByRole('list', { name: 'Attachments' })
  await expect(files).toContainText('figures.xls.exe')
  await expect(files).toContainText('The virus scan has objected to this mail')
  await expect(files.getByRole('link')).toHaveCount(0)
  await expect(page.locator('#article-2').getByRole('link', { name: /recording.mp4/ })).toContainText('link until')
})

test('a letter of the same customer is joined with one click; one of another only after a question', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  const [same, , other] = ticket.links.map((link: { number: string }) => mock.desk.tickets.find((each: { number: string }) => each.number === link.number))
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await about(page).getByRole('button', { name: 'Join here' }).click()
  await expect(page.getByText(`Merged: everything is in ${ticket.number} now.`)).toBeVisible()
  expect(same.merged_into).toBe(ticket.number)
  await expect(about(page)).toContainText(`${same.number} was merged into this ticket`)
  await about(page).getByRole('button', { name: 'Join there' }).click()
  await expect(page.getByRole('dialog')).toContainText('Merge tickets of different customers?')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  expect(ticket.merged_into).toBeNull()
  await about(page).getByRole('button', { name: 'Join there' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click()
  await expect(page).toHaveURL(new RegExp(`/tickets/${other.number}$`))
  await page.goto(`/tickets/${ticket.number}`)
  await expect(page.getByText(`This ticket was merged into ${other.number}.`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reply' })).toHaveCount(0)
})

test('a letter that may be forged is marked in the list and where it stands, and is joined only after a question', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  const forged = mock.desk.tickets.find((each: { number: string }) => each.number === ticket.links[0].number)
  Object.assign(forged, { doubt: 'forged' })
  Object.assign(forged.articles[0], { doubt: 'forged' })
  Object.assign(ticket.links[0], { doubt: 'forged' })
  await signIn(page, 'ann')
  await expect(page.getByRole('row').filter({ hasText: forged.number })).toContainText('may be forged')
  await expect(page.getByRole('row').filter({ hasText: ticket.number })).not.toContainText('may be forged')
  await page.goto(`/tickets/${forged.number}`)
  await expect(page.locator('#article-1')).toContainText('This may be a forgery: example.ru says that the letter did not come from it.')
  await page.goto(`/tickets/${ticket.number}`)
  await expect(about(page).getByRole('listitem').filter({ hasText: forged.number })).toContainText('may be forged')
  await about(page).getByRole('button', { name: 'Join here' }).click()
  await expect(page.getByRole('dialog')).toContainText(`${forged.number} may be a forgery`)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  expect(forged.merged_into).toBeNull()
  await about(page).getByRole('button', { name: 'Join here' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click()
  await expect(page.getByText(`Merged: everything is in ${ticket.number} now.`)).toBeVisible()
})

test('what stands behind a number is told where it may be read; the number alone elsewhere', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  const rows = about(page).getByRole('region', { name: 'Linked tickets' }).getByRole('listitem')
  const [follow, , , mail] = ticket.links
  await expect(rows.first()).toContainText(`${follow.number} may belong here`)
  await expect(rows.first()).toContainText(follow.other.title)
  await expect(rows.first()).toContainText(/ · (New|Open|Pending)/)
  await expect(rows.nth(3)).toHaveText(`The same mail also made ${mail.number}`)
  const { title } = follow.other
  follow.other = null
  await page.reload()
  await expect(rows.first()).toContainText(`${follow.number} may belong here`)
  await expect(rows.first()).not.toContainText(title)
  await expect(rows.first().getByRole('button')).toHaveCount(0)
})

test('what is linked is not named again among the similar ones', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  const linked = mock.desk.tickets.find((each: { number: string }) => each.number === ticket.links[0].number)
  mock.desk.similar = [linked, mock.desk.tickets[30]]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  const similar = about(page).locator('section').filter({ has: page.getByRole('heading', { name: 'Similar tickets' }) })
  await expect(similar.getByRole('listitem')).toHaveCount(1)
  await expect(similar).toContainText(mock.desk.tickets[30].customer.name)
})

test('who waits is let in with one click, and his letters come along; who may join can be sent away', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[TROUBLED]
  const waiting = mock.desk.tickets[2]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await expect(about(page)).toContainText(`eve@example.net waits to join with ${waiting.number}`)
  await about(page).getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByText(/^Approved/)).toBeVisible()
  expect(waiting.merged_into).toBe(ticket.number)
  const people = about(page).getByRole('list', { name: 'May join by mail' })
  await expect(people).toContainText('eve@example.net')
  await expect(people.getByRole('listitem').filter({ hasText: 'asked aside' })).toContainText('supplier@example.net')
  await people.getByRole('button', { name: 'colleague@example.ru may no longer join' }).click()
  await expect(people).not.toContainText('colleague@example.ru')
  await about(page).getByRole('button', { name: 'Let somebody join' }).click()
  await page.getByRole('textbox', { name: 'Mail address' }).fill('lawyer@example.com')
  await page.keyboard.press('Enter')
  await expect(people).toContainText('lawyer@example.com')
  expect(ticket.participants).toEqual(['ivan@example.ru', 'supplier@example.net', 'eve@example.net', 'lawyer@example.com'])
})

test('m merges into the ticket of a number, which is shown before', async ({ someone, mock }) => {
  const page = await someone()
  const [one, other, merged] = [mock.desk.tickets[6], mock.desk.tickets[12], mock.desk.tickets[8]]
  Object.assign(merged, { state: 'merged', merged_into: other.number })
  await signIn(page, 'ann', 'ann-secret', `/tickets/${one.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog')
  const number = dialog.getByLabel('Number of the other ticket')
  await number.fill(one.number)
  await expect(dialog).toContainText('This is the ticket itself.')
  await number.fill(merged.number)
  await expect(dialog).toContainText(`merged into ${other.number}`)
  await number.fill('99999999')
  await expect(dialog).toContainText('There is no ticket')
  await expect(dialog.getByRole('button', { name: 'Merge' })).toBeDisabled()
  await number.fill(`[Ticket#${other.number}] Re: something`)
  await expect(dialog).toContainText(other.title)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${other.number}$`))
  expect(one.merged_into).toBe(other.number)
  await expect(about(page)).toContainText(`${one.number} was merged into this ticket`)
})

test('a reply says where it goes when the customer wants his answers elsewhere', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[4]
  ticket.answer_to = { name: 'Anna', email: 'anna@mail.example' }
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('#article-1').waitFor()
  await page.keyboard.press('r')
  await expect(page.getByText('Anna <anna@mail.example>')).toBeVisible()
})
