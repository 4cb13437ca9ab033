/** Finding what was said, and the figures of the desk, on the real one. */
import { test as base } from '@playwright/test'
import { accessible, expect, fits, signIn, watched } from './fixtures'
import { sendMail, startLaptop, type Laptop } from './laptop'

const test = base.extend<{ someone: ReturnType<typeof watched>['open'] }, { laptop: Laptop }>({
  laptop: [
    async ({}, use) => {
      const laptop = await startLaptop()
      await letters(laptop)
      await use(laptop)
      await laptop.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  someone: async ({ browser, laptop }, use) => {
    const { open, close } = watched(browser, laptop.web)
    await use(open)
    await close()
  },
})

const password = (laptop: Laptop, login: string) => laptop.agents.find((agent) => agent.login === login)!.password

async function letters(laptop: Laptop): Promise<void> {
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('The scanner hums', 'It hums a waltz & <b>never</b> stops.'))
  await sendMail(laptop, 'ivan@example.org', 'support@desk.localhost', letter('Возврат платежа', 'Верните деньги за отменённые заказы.'))
  await sendMail(laptop, 'eve@example.org', 'billing@desk.localhost', letter('A hidden waltz', 'Nobody in Support may read of this waltz.'))
}

const letter = (subject: string, text: string) => `From: ${subject.split(' ')[0]} <x@example.org>
To: support@desk.localhost
Subject: =?utf-8?b?${Buffer.from(subject).toString('base64')}?=
Message-ID: <${crypto.randomUUID()}@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

${text}
`

test('Ann finds a letter by a word in it, by keyboard alone, and nothing of a foreign queue', async ({ someone, laptop }) => {
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'))
  await expect(page.getByRole('link', { name: 'The scanner hums' })).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('s')
  await expect(page.getByText('How to ask')).toBeVisible()
  await page.keyboard.type('waltzes')
  await expect(page.getByRole('status').filter({ hasText: '1 ticket' })).toBeVisible({ timeout: 10_000 })
  await expect(page.locator('mark')).toHaveText('waltz')
  await expect(page.getByRole('list', { name: 'Tickets' })).toContainText('It hums a waltz & <b>never</b> stops')
  await accessible(page, 'search')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.locator('#filter')).toHaveValue('waltzes')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.locator('#article-1')).toContainText('It hums a waltz')
  await page.goBack()
  await expect(page.locator('#filter')).toHaveValue('waltzes')
})

test('typing is helped, and what cannot be understood is said', async ({ someone, laptop }) => {
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'), '/search')
  await page.keyboard.type('queue:')
  await expect(page.getByRole('option', { name: 'queue:Support' })).toBeVisible()
  await expect(page.getByRole('option', { name: 'queue:Billing' })).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.locator('#filter')).toHaveValue('queue:Support ')
  await page.keyboard.type('возвраты')
  await expect(page.getByRole('link', { name: 'Возврат платежа' })).toBeVisible()
  await page.keyboard.type(' created:soon')
  await expect(page.getByRole('alert')).toContainText('“created:soon” is no day.')
})

test('a search is kept as a view in the sidebar, for its owner alone, until she drops it', async ({ someone, laptop }) => {
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'), '/search?q=waltz&sort=-created')
  await page.getByRole('button', { name: 'Keep as a view' }).click()
  await page.getByLabel('Name of the view').fill('Dances')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.goto('/')
  await page.getByRole('link', { name: 'Dances' }).click()
  await expect(page.getByRole('link', { name: 'The scanner hums' })).toBeVisible()
  await expect(page.getByLabel('Sorted by')).toHaveValue('-created')
  const ben = await someone()
  await signIn(ben, 'ben', password(laptop, 'ben'))
  await expect(ben.getByRole('link', { name: 'Reports' })).toBeVisible()
  await expect(ben.getByRole('link', { name: 'Dances' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Rename this view' }).click()
  await page.getByLabel('Name of the view').fill('Balls')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'Balls' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Dances' })).toHaveCount(0)
  // What is kept elsewhere meanwhile stays, and no other search takes a name away.
  const elsewhere = await page.context().newPage()
  await elsewhere.goto('/search?q=platypus')
  await elsewhere.getByRole('button', { name: 'Keep as a view' }).click()
  await elsewhere.getByLabel('Name of the view').fill('Balls')
  await elsewhere.getByRole('button', { name: 'Save' }).click()
  await expect(elsewhere.getByRole('alert')).toHaveText('Another view has this name already.')
  await elsewhere.getByLabel('Name of the view').fill('Animals')
  await elsewhere.getByRole('button', { name: 'Save' }).click()
  await expect(elsewhere.getByRole('link', { name: 'Animals' })).toBeVisible()
  await page.getByRole('button', { name: 'Drop this view' }).click()
  await expect(page.getByRole('link', { name: 'Balls' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Animals' })).toBeVisible()
})

test('where nothing is found it is said what may be tried, in the words of the reader', async ({ someone, laptop }) => {
  const page = await someone({ locale: 'ru', viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
  await signIn(page, 'olga', password(laptop, 'olga'), '/search?q=контрабас')
  await expect(page.getByText('ничего не нашлось')).toBeVisible()
  await accessible(page, 'a search that found nothing')
  await fits(page, 'a search that found nothing')
  await page.getByRole('button', { name: 'очередь:Support состояние:открытые' }).click()
  await expect(page.locator('#filter')).toHaveValue('очередь:Support состояние:открытые')
  await expect(page.getByText('ничего не нашлось')).toBeVisible() // of Support she reads nothing
  await page.locator('#filter').fill('«hidden waltz» состояние:новая')
  await expect(page.locator('[data-row]')).toHaveCount(1)
  await page.locator('#filter').fill('')
  await page.locator('#filter').pressSequentially('сост')
  await page.getByRole('option', { name: 'состояние:' }).click()
  await expect(page.getByRole('option', { name: 'состояние:закрытые' })).toBeVisible()
})

for (const [width, theme, language] of [[1280, 'light', 'en'], [390, 'dark', 'ru']] as const) {
  test(`the figures lead to the tickets behind them (${width}, ${theme}, ${language})`, async ({ someone, laptop }) => {
    const page = await someone({ viewport: { width, height: 800 }, colorScheme: theme, locale: language })
    await signIn(page, 'ann', password(laptop, 'ann'), '/reports')
    if (language === 'ru') {
      await page.getByRole('button', { name: /Ann Archer/ }).click()
      await page.getByRole('button', { name: 'Русский' }).click()
      await page.keyboard.press('Escape')
    }
    const names = language === 'ru' ? ['По дням', 'Открытые', 'Время ожидания', 'Исходы', 'Темы', 'Клиенты', 'Работа', 'Часы недели'] : ['Tickets by day', 'Backlog', 'Waiting times', 'Outcomes', 'Topics', 'Customers', 'Work', 'Hours of the week']
    for (const name of [...names.slice(1), names[0]!]) {
      await page.getByRole('link', { name, exact: true }).click()
      await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible()
      await accessible(page, name)
      await fits(page, name)
    }
    await expect(page.locator('svg[role=img]')).toBeVisible()
    await page.getByRole('table').getByRole('link', { name: '2', exact: true }).first().click()
    await expect(page.locator('[data-row]')).toHaveCount(2)
  })
}

test('a report can be taken along as a sheet', async ({ someone, laptop }) => {
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'), '/reports?report=customers')
  const taken = page.waitForEvent('download')
  await page.getByRole('link', { name: 'As a spreadsheet (CSV)' }).click()
  const sheet = await (await taken).createReadStream()
  let text = ''
  for await (const chunk of sheet) text += String(chunk)
  expect(text).toContain('what,name,count,minutes')
  expect(text).toContain('customer,x@example.org,2,0')
})

// The last one: it fills the desk with letters.
test('the way back leads to where one was in what was found, and what is asked anew begins at its top', async ({ someone, laptop }) => {
  for (let n = 0; n < 34; n += 1) await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter(`Matter ${n}`, `Of the xylophone, string ${n}.`))
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'), '/search?q=xylophone&sort=created')
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('status').filter({ hasText: '34 tickets' })).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(page.locator('[data-row]')).toHaveCount(34)
  const last = page.locator('[data-row]').nth(31)
  const title = await last.innerText()
  await last.click()
  await expect(page.locator('#ticket-title')).toHaveText(title)
  await page.goBack()
  await expect(page.getByRole('link', { name: title, exact: true })).toBeInViewport()
  await expect(page.getByRole('link', { name: title, exact: true })).toBeFocused()
  await page.keyboard.press('j')
  await expect(page.locator('[data-row]').nth(32)).toBeFocused()
  await page.locator('#filter').fill('string')
  await expect(page.locator('mark').first()).toHaveText('string')
  await expect(page.locator('[data-row]').first()).toBeInViewport()
  await expect(page.locator('#filter')).toBeFocused()
})

test('whose a found ticket is, is said by name', async ({ someone, laptop }) => {
  const page = await someone()
  await signIn(page, 'ann', password(laptop, 'ann'))
  const number = (await page.locator('[data-row]').first().getAttribute('data-row'))!
  await page.evaluate((path) => fetch(path, { method: 'PUT', headers: { 'X-Otklik': '1', 'Content-Type': 'application/json' }, body: '{}' }), `/api/tickets/${number}/lock`)
  await page.goto(`/search?q=number:${number}`)
  await expect(page.getByRole('list', { name: 'Tickets' })).toContainText('Support · Ann Archer')
})
