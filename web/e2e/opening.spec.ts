/** A call that is written down, a letter that the desk writes first: kept, sent once, and not a second time of the same matter. */
import type { Page } from '@playwright/test'
import { accessible, expect, fits, signIn, test } from './fixtures'

const SCREEN = { channel: 'Channel', to: "Customer's address", subject: 'Subject', letter: 'Your letter', said: 'What was said' }
const box = (page: Page) => page.getByRole('textbox', { name: SCREEN.letter })
const send = (page: Page) => page.getByRole('button', { name: 'Open and send' })
const problem = (page: Page) => page.getByRole('alert')

async function called(page: Page, words = 'It blinks red.') {
  await page.getByLabel(SCREEN.to).fill('dmitri@example.com')
  await page.getByLabel(SCREEN.subject).fill('Router')
  await page.getByLabel(SCREEN.said).fill(words)
}

async function letter(page: Page) {
  await signIn(page, 'ann', 'ann-secret', '/new')
  await page.getByRole('button', { name: 'Email', exact: true }).click()
  await page.getByRole('toolbar').waitFor()
  await page.getByLabel(SCREEN.to).fill('Dmitri Petrov <dmitri@example.com>')
  await page.getByLabel(SCREEN.subject).fill('Your router')
  await box(page).click()
  await page.keyboard.type('It is ready.')
}

test('what is half written is there after a look elsewhere, a reload, and a session that ended', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/new')
  await called(page)
  await page.getByLabel('Priority').selectOption('4')
  await page.locator('header').getByRole('link', { name: 'Otklik' }).click()
  await expect(page.locator('[data-row]').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It blinks red.')
  await expect(page.getByLabel('Priority')).toHaveValue('4')
  await page.reload()
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It blinks red.')
  await page.getByLabel(SCREEN.said).focus()
  mock.desk.sessions.clear()
  await page.keyboard.press('Control+Enter') // unless something else has heard of it already
  await page.locator('input[name=login]').fill('ann')
  await page.locator('input[name=password]').fill('ann-secret')
  await page.locator('form button.primary').click()
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It blinks red.')
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(page.locator('#ticket-title')).toHaveText('Router')
  await page.keyboard.press('c')
  await expect(page.getByLabel(SCREEN.to)).toHaveValue('')
})

test('what Ann has half written is gone when she signs out, and never Ben’s', async ({ someone, mock }) => {
  const page = await someone()
  const kept = () => page.evaluate(() => localStorage.getItem('otklik-new-ticket'))
  const signInAs = async (login: string) => {
    await page.locator('input[name=login]').fill(login)
    await page.locator('input[name=password]').fill(`${login}-secret`)
    await page.locator('form button.primary').click()
    await page.locator('#main').waitFor()
  }
  await signIn(page, 'ann', 'ann-secret', '/new')
  await called(page)
  mock.desk.sessions.clear()
  await page.keyboard.press('Control+Enter') // unless something else has heard of it already
  await signInAs('ben')
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('')
  expect(await kept()).toBeNull()
  await called(page, 'Ben’s words')
  expect(await kept()).toContain('Ben’s words')
  await page.getByRole('button', { name: 'Ben' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.locator('input[name=login]').waitFor()
  expect(await kept()).toBeNull()
})

test('a first letter leaves with formatting, copies and files, and its customer by name', async ({ someone, mock }) => {
  const page = await someone()
  await letter(page)
  await page.keyboard.press('Control+b')
  await page.keyboard.type(' Today.')
  await page.getByLabel('Cc', { exact: true }).fill('Ivan <ivan@example.com>; eve@example.com')
  await page.getByLabel('Attach').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') })
  await expect(page.locator('.uploads')).toContainText('plan.txt')
  await expect(page.locator('.uploads progress')).toHaveCount(0)
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
  expect(mock.desk.tickets[0]).toMatchObject({ customer: { email: 'dmitri@example.com', name: 'Dmitri Petrov' } })
  expect(mock.desk.tickets[0].articles[0]).toMatchObject({
    text: 'It is ready. Today.',
    html: '<div>It is ready.<strong> Today.</strong></div>',
    cc: [{ name: 'Ivan', email: 'ivan@example.com' }, { name: '', email: 'eve@example.com' }],
    attachments: [{ filename: 'plan.txt' }],
  })
})

test('a first letter leaves later, and no answer of a customer is waited for', async ({ someone, mock }) => {
  const page = await someone()
  await page.clock.setFixedTime(new Date('2040-11-21T14:02:00'))
  await letter(page)
  await page.getByRole('button', { name: 'Send later' }).click()
  await expect(page.getByLabel('Unless the customer writes first')).toHaveCount(0)
  await page.getByRole('button', { name: 'Tomorrow 9:00' }).click()
  await expect(page.getByText(/it leaves at .*22.*09:00/)).toBeVisible()
  expect(mock.desk.tickets[0].articles[0].delivery.not_before).toBe(new Date('2040-11-22T09:00:00').toISOString())
})

test('a first letter that was taken back stands in the composer of its ticket', async ({ someone, mock }) => {
  mock.desk.undo = 10
  const page = await someone()
  await letter(page)
  await page.getByLabel('Cc', { exact: true }).fill('ivan@example.com')
  await send(page).click()
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toContainText('It is ready.')
  await expect(page.getByLabel('Cc', { exact: true })).toHaveValue('ivan@example.com')
  expect(mock.desk.tickets[0].articles[0].delivery.state).toBe('cancelled')
})

test('an answer that was lost does not make a second ticket, not even after a reload', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/new')
  await called(page)
  await page.route('**/api/tickets', async (route) => void (await route.fetch(), await route.abort()), { times: 1 })
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(problem(page)).toContainText('cannot be reached')
  expect(mock.desk.tickets).toHaveLength(before + 1)
  await page.reload()
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(page.locator('#ticket-title')).toHaveText('Router')
  expect(mock.desk.tickets).toHaveLength(before + 1)
})

test('words that were changed after a lost answer are kept, and the ticket that is there is told of', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/new')
  await called(page)
  await page.route('**/api/tickets', async (route) => void (await route.fetch(), await route.abort()), { times: 1 })
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(problem(page)).toContainText('cannot be reached')
  await page.getByLabel(SCREEN.said).fill('It blinks red. Since Monday.')
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(problem(page)).toContainText('opened by your first try')
  expect(mock.desk.tickets).toHaveLength(before + 1)
  await problem(page).getByRole('link', { name: mock.desk.tickets[0].number }).click()
  await expect(page.locator('#ticket-title')).toHaveText('Router')
  await page.goBack()
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It blinks red. Since Monday.')
})

test('however often she clicks on a slow line there is one ticket, and nothing is written past it', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/new')
  await called(page)
  let go: () => void = () => undefined
  const free = new Promise<void>((resolve) => (go = resolve))
  let asked = 0
  await page.route('**/api/tickets', async (route) => ((asked += 1), await free, await route.abort()))
  await page.getByLabel(SCREEN.said).focus()
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.type(' Past it.')
  await expect(page.getByRole('button', { name: 'Open ticket' })).toBeDisabled()
  go()
  await expect(problem(page)).toBeVisible()
  expect(asked).toBe(1)
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It blinks red.')
  await expect(page.getByLabel(SCREEN.said)).toBeFocused()
  expect(mock.desk.tickets).toHaveLength(before)
})

test('no letter leaves without the file that is still on its way', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone()
  await letter(page)
  let go: () => void = () => undefined
  const free = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/bucket', async (route) => (await free, await route.continue()))
  await page.getByLabel('Attach').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') })
  await page.keyboard.press('Control+Enter')
  await expect(problem(page)).toHaveText('A file is still being uploaded')
  expect(mock.desk.tickets).toHaveLength(before)
  go()
  await expect(page.locator('.uploads progress')).toHaveCount(0)
  await send(page).click()
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
  expect(mock.desk.tickets[0].articles[0].attachments).toHaveLength(1)
})

test('no letter leaves without the file that could not be uploaded, until it is taken out', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone()
  await letter(page)
  await page.route('**/bucket', (route) => route.abort())
  await page.getByLabel('Attach').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') })
  await expect(page.locator('.uploads .why')).toBeVisible()
  await send(page).click()
  await expect(problem(page)).toContainText('A file was not uploaded')
  expect(mock.desk.tickets).toHaveLength(before)
  await page.getByRole('button', { name: 'Remove plan.txt' }).click()
  await send(page).click()
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
})

test('tickets are opened where she may write, and where that is nowhere it is said', async ({ someone, mock }) => {
  mock.desk.readonly = ['Billing', 'Junk', 'Raw', 'Support']
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/?queue=Billing')
  await page.locator('[data-row]').first().waitFor()
  await page.keyboard.press('c')
  await called(page)
  await expect(page.locator('#new-queue')).toHaveText('Support::Level 2')
  mock.desk.readonly.push('Support::Level 2')
  await page.reload()
  await expect(problem(page)).toContainText('no queue in which you may open tickets')
  const before = mock.desk.tickets.length
  await page.getByRole('button', { name: 'Open ticket' }).click()
  await expect(page.locator('#new-queue')).toBeFocused()
  expect(mock.desk.tickets).toHaveLength(before)
})

test('who is known is called by his name, and what is open for him is shown before a second ticket is made', async ({ someone, mock }) => {
  const { customer } = mock.desk.tickets[0]
  const open = mock.desk.tickets.filter((ticket) => ticket.customer.email === customer.email)[0]
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', '/new')
  await page.getByLabel(SCREEN.to).fill(customer.email)
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Name')).toHaveValue(customer.name)
  await page.getByRole('list', { name: 'Open tickets' }).getByRole('link', { name: open.title }).first().click()
  await expect(page.locator('#ticket-title')).toHaveText(open.title)
  await page.goBack()
  await expect(page.getByLabel(SCREEN.to)).toHaveValue(customer.email)
  await page.getByLabel(SCREEN.to).fill('nobody@example.com')
  await expect(page.getByRole('list', { name: 'Open tickets' })).toHaveCount(0)
})

test('a click is not lost because of what comes up beside the address', async ({ someone, mock }) => {
  const page = await someone({ viewport: { width: 390, height: 800 } })
  await letter(page)
  await page.getByLabel(SCREEN.to).fill(mock.desk.tickets[0].customer.email)
  const button = (await send(page).boundingBox())!
  await page.mouse.move(button.x + 9, button.y + 9)
  await page.mouse.down()
  await expect(page.getByRole('list', { name: 'Open tickets' })).toBeVisible()
  await page.mouse.up()
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
})

test('what is missing or wrong is said in Russian too, and the focus stands there', async ({ someone, mock }) => {
  const before = mock.desk.tickets.length
  const page = await someone({ locale: 'ru', viewport: { width: 390, height: 800 } })
  await signIn(page, 'olga', 'olga-secret', '/new')
  const open = page.getByRole('button', { name: 'Открыть заявку' })
  const to = page.getByLabel('Адрес клиента')
  await open.click()
  await expect(problem(page)).toHaveText('Чья это заявка? Укажите адрес клиента.')
  await expect(to).toBeFocused()
  await expect(to).toHaveAttribute('aria-invalid', 'true')
  for (const [typed, why] of [['carla@', 'Это не почтовый адрес'], ['carla@example..org', 'Это не почтовый адрес'], ['carla@example.org, ivan@example.org', 'Нужен один адрес: у заявки один клиент.']] as const) {
    await to.fill(typed)
    await open.click()
    await expect(problem(page)).toHaveText(why)
  }
  await to.fill('carla@example.org')
  await open.click()
  await expect(problem(page)).toHaveText('Не указана тема')
  await page.getByLabel('Тема').fill('  ')
  await open.click()
  await expect(page.getByLabel('Тема')).toBeFocused()
  await page.getByLabel('Тема').fill('Принтер')
  await open.click()
  await expect(problem(page)).toHaveText('Нет текста')
  await expect(page.getByLabel('О чём говорили')).toBeFocused()
  await fits(page, 'a new ticket with a problem')
  expect(mock.desk.tickets).toHaveLength(before)
})

test('what was thrown away comes back by a click', async ({ someone }) => {
  const page = await someone()
  await letter(page)
  await page.keyboard.press('Control+b')
  await page.keyboard.type(' Today.')
  await page.getByRole('button', { name: 'Throw away' }).click()
  await expect(page.getByLabel(SCREEN.subject)).toHaveValue('')
  await expect(box(page)).toHaveText('')
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByLabel(SCREEN.subject)).toHaveValue('Your router')
  await expect(box(page).locator('strong')).toHaveText('Today.')
})

test('words with formatting that become those of a call have none', async ({ someone, mock }) => {
  const page = await someone()
  await letter(page)
  await page.keyboard.press('Control+b')
  await page.keyboard.type(' Today.')
  await page.getByRole('button', { name: 'Phone call' }).click()
  await expect(page.getByLabel(SCREEN.said)).toHaveValue('It is ready. Today.')
  await page.getByLabel(SCREEN.said).fill('He knows.')
  await page.getByRole('button', { name: 'Email', exact: true }).click()
  await expect(box(page)).toHaveText('He knows.')
  await send(page).click()
  await expect(page.locator('#ticket-title')).toHaveText('Your router')
  expect(mock.desk.tickets[0].articles[0]).toMatchObject({ text: 'He knows.', html: null })
})

for (const width of [1280, 390]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`a first letter with everything in it is accessible, ${colorScheme}, ${width} px`, async ({ someone, mock }) => {
      const page = await someone({ colorScheme, viewport: { width, height: 800 } })
      await letter(page)
      await page.getByLabel(SCREEN.to).fill(mock.desk.tickets[0].customer.email)
      await page.getByLabel('State').selectOption('pending reminder')
      await page.getByLabel('Pending until').fill('2020-01-01T09:00')
      await expect(page.getByRole('list', { name: 'Open tickets' })).toBeVisible()
      await send(page).click()
      await expect(problem(page)).toBeVisible()
      await accessible(page, 'a first letter')
      await fits(page, 'a first letter')
    })
  }
}
