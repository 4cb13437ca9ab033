/** The main journey on the real desk: a letter, a lock, a reply, the portal. */
import { test as base } from '@playwright/test'
import { accessible, expect, signIn, watched } from './fixtures'
import { outbox, sendMail, startLaptop, totp, type Laptop } from './laptop'
import { hostile } from './mock-data.mjs'

const test = base.extend<{ someone: ReturnType<typeof watched>['open'] }, { laptop: Laptop }>({
  laptop: [
    async ({}, use) => {
      const laptop = await startLaptop()
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

const letter = (subject: string, text: string) => `From: Carla Conti <carla@example.org>
To: support@desk.localhost
Subject: ${subject}
Message-ID: <${crypto.randomUUID()}@example.org>
Date: ${new Date().toUTCString()}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

${text}
`

/** A reply can be taken back for ten seconds. */
const HELD = { timeout: 25_000 }

test('a letter is answered by Ann while Ben waits, and Carla answers in the portal', async ({ someone, laptop }) => {
  test.setTimeout(120_000)
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('Wrong address on the invoice', 'The invoice shows our old address.\n\nCarla'))
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'Wrong address on the invoice' }).click({ timeout: 20_000 })
  await expect(ann.locator('#article-1')).toContainText('The invoice shows our old address.')
  const number = new URL(ann.url()).pathname.split('/').pop()!
  await expect.poll(async () => (await outbox(laptop)).some((mail) => mail.to.includes('carla@example.org') && mail.text.includes(number))).toBe(true)

  await ann.keyboard.press('r')
  await ann.keyboard.type('The corrected invoice is attached.')
  await expect(ann.getByText('You have been working on this ticket')).toBeVisible()
  await ann.locator('input[type=file]:not([data-picture])').setInputFiles({ name: 'invoice.txt', mimeType: 'text/plain', buffer: Buffer.from('Total: 12.40') })
  await expect(ann.locator('.uploads progress')).toHaveCount(0)

  const ben = await someone()
  await signIn(ben, 'ben', password(laptop, 'ben'), `/tickets/${number}`)
  await expect(ben.getByText('Ann Archer has been working on this ticket since')).toBeVisible()
  await ben.keyboard.press('r')
  await expect(ben.getByText('You can write, but only the holder of the lock can send.')).toBeVisible()

  await ann.getByLabel('Working time').fill('0:20')
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.locator('[data-voice=agent]')).toContainText('The corrected invoice is attached.')
  await expect(ann.locator('[data-voice=agent]')).toContainText('0:20')
  await ann.locator('.toasts').getByRole('button', { name: 'Undo' }).click()
  await expect(ann.getByRole('textbox', { name: 'Reply' })).toContainText('The corrected invoice is attached.')
  await expect(ann.getByRole('region', { name: 'Write' })).toContainText('invoice.txt')
  await expect(ann.locator('[data-voice=agent]')).toContainText('Stopped by Ann Archer.')
  await expect(ann.locator('article > header')).toContainText('New')
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.locator('[data-voice=agent]').last()).toContainText('Leaves in')
  await expect.poll(async () => (await outbox(laptop)).map((mail) => mail.text).join(), HELD).toContain('The corrected invoice is attached.')
  expect((await outbox(laptop)).filter((mail) => mail.text.includes('The corrected invoice is attached.'))).toHaveLength(1)
  const reply = (await outbox(laptop)).find((mail) => mail.text.includes('The corrected invoice is attached.'))!
  expect(reply.subject).toContain(`[Ticket#${number}]`)
  expect(reply.text).toContain('Total: 12.40')

  const [download] = await Promise.all([ann.waitForEvent('download'), ann.getByRole('link', { name: /invoice.txt/ }).click()])
  expect(download.suggestedFilename()).toBe('invoice.txt')
  const [raw] = await Promise.all([ann.waitForEvent('download'), ann.getByRole('link', { name: 'raw' }).click()])
  expect(raw.suggestedFilename()).toContain('.eml')

  const carla = await someone()
  await carla.goto(`/portal/tickets/${number}`)
  await carla.getByLabel('Your mail address').fill('carla@example.org')
  await carla.keyboard.press('Enter')
  await carla.getByLabel('Code').waitFor()
  const code = async () => /\b\d{6}\b/.exec((await outbox(laptop)).at(-1)!.text.split(/\r?\n\r?\n/).slice(1).join('\n'))?.[0]
  await expect.poll(code).toBeTruthy()
  await carla.getByLabel('Code').fill((await code())!)
  await carla.keyboard.press('Enter')
  await expect(carla.getByText('The corrected invoice is attached.')).toBeVisible()
  await carla.getByLabel('Your answer').fill('Thank you, now it is right.')
  await carla.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(carla.getByText('your answer has arrived')).toBeVisible()
  await accessible(carla, 'portal')
  await expect(ann.getByText('Thank you, now it is right.')).toBeVisible({ timeout: 20_000 })
})

test('a reply that Ben’s takeover has overtaken stays with Ann', async ({ someone, laptop }) => {
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('Two of them at once', 'Who answers?'))
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'Two of them at once' }).click({ timeout: 20_000 })
  await ann.locator('#article-1').waitFor()
  await ann.keyboard.press('r')
  await ann.keyboard.type('I do.')
  await expect(ann.getByText('You have been working on this ticket')).toBeVisible()
  await expect(ann.getByText('Draft saved')).toBeVisible()
  const ben = await someone()
  await signIn(ben, 'ben', password(laptop, 'ben'), new URL(ann.url()).pathname)
  await ben.getByRole('button', { name: 'Take over' }).click()
  await ben.getByRole('dialog').getByRole('button', { name: 'Take over' }).click()
  await expect(ben.getByText('You have been working')).toBeVisible()
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(ann.getByText(/nothing was sent. Your text is kept/)).toBeVisible()
  await expect(ann.getByRole('textbox', { name: 'Reply' })).toHaveText('I do.')
  expect((await outbox(laptop)).some((mail) => mail.text.includes('I do.'))).toBe(false)
})

test('a designed letter is shown without its quote, and answered with weight, a picture and a quote', async ({ someone, laptop }) => {
  test.setTimeout(90_000)
  const html = '<div dir="ltr">It is on <a href="https://example.org/p">this page</a>.</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 10:15, Support &lt;support@desk.localhost&gt; wrote:<br></div><blockquote class="gmail_quote">Dear Carla,<br>which page?</blockquote></div>'
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('The page', html).replace('text/plain', 'text/html'))
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'The page' }).click({ timeout: 20_000 })
  const mail = ann.frameLocator('#article-1 iframe.mail-frame')
  await expect(mail.getByText('It is on this page.')).toBeVisible()
  await expect(mail.getByText('which page?')).toBeHidden()
  await expect(mail.getByText('On Mon, 23 Nov')).toBeHidden()
  await ann.keyboard.press('r')
  await ann.getByRole('toolbar').waitFor()
  await expect(ann.getByText('You have been working on this ticket')).toBeVisible()
  await ann.keyboard.press('Control+b')
  await ann.keyboard.type('Found')
  await ann.keyboard.press('Control+b')
  await ann.keyboard.type(': ')
  const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')
  await ann.locator('input[data-picture]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: dot })
  await expect(ann.locator('img.picture')).toBeVisible()
  await expect(ann.locator('.uploads')).toHaveCount(0)
  await ann.getByRole('button', { name: 'Send', exact: true }).click()
  const answer = ann.frameLocator('[data-voice=agent] iframe.mail-frame')
  await expect(answer.locator('strong')).toHaveText('Found')
  await expect.poll(() => answer.getByAltText('dot.png').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(10)
  const sent = async () => (await outbox(laptop)).find((each) => each.subject.includes('The page') && each.text.includes('multipart/related'))
  await expect.poll(async () => Boolean(await sent()), HELD).toBe(true)
})

test('hostile mail does nothing on the real desk either', async ({ someone, laptop }) => {
  const mail = letter('Figures for you', hostile).replace('text/plain', 'text/html')
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', mail)
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'Figures for you' }).click({ timeout: 20_000 })
  await expect(ann.frameLocator('iframe.mail-frame').getByText('1,240.00')).toBeVisible()
  await expect(ann.getByText(/(is|are) blocked/)).toBeVisible()
  expect(await ann.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined()
})

test('a call becomes a ticket, is noted, moved, and closed', async ({ someone, laptop }) => {
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'), '/new')
  await ann.locator('input[role=combobox]').fill('dmitri@example.com')
  await ann.getByLabel('Name').fill('Dmitri')
  await ann.getByLabel('Subject').fill('He cannot sign in')
  await ann.getByLabel('What was said').fill('Since Monday.')
  await ann.getByLabel('Working time').fill('5')
  await ann.keyboard.press('Control+Enter')
  await expect(ann.locator('#ticket-title')).toHaveText('He cannot sign in')
  await ann.keyboard.press('n')
  await ann.keyboard.type('Ask Olga about the account.')
  await ann.keyboard.press('Control+Enter')
  await expect(ann.locator('[data-voice=note]')).toContainText('Ask Olga')
  await ann.getByRole('combobox', { name: 'Priority' }).selectOption('4')
  await ann.getByRole('combobox', { name: 'State' }).selectOption('pending reminder')
  await expect(ann.getByLabel('Pending until')).toBeVisible()
  await ann.getByLabel('Tags').fill('login')
  await ann.keyboard.press('Enter')
  await ann.keyboard.press('Escape')
  await ann.locator('header').getByRole('button', { name: 'Close', exact: true }).click()
  await expect(ann.getByRole('button', { name: 'Open again' })).toBeVisible()
  await ann.getByText('History').click()
  await expect(ann.locator('details')).toContainText('High')
  await accessible(ann, 'ticket of the real desk')
})

test('a ticket that Ann hands on to a queue of others is gone from her screen', async ({ someone, laptop }) => {
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('For Billing', 'Please send me the bill again.'))
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'For Billing' }).click({ timeout: 20_000 })
  await ann.getByRole('combobox', { name: 'Queue' }).selectOption('Billing')
  await expect(ann.getByText('Moved to Billing, a queue that you do not see.')).toBeVisible()
  await expect(ann.getByRole('table', { name: 'Tickets' })).toBeVisible()
  await expect(ann.getByRole('link', { name: 'For Billing' })).toHaveCount(0)
})

test('Olga, whose language is Russian, switches a second factor on and signs in with it', async ({ someone, laptop }) => {
  const olga = await someone()
  await signIn(olga, 'olga', password(laptop, 'olga'))
  const menu = () => olga.getByRole('button', { name: /: настройки/ }).click()
  const dialog = olga.getByRole('dialog')
  await menu()
  await olga.getByRole('button', { name: 'Второй фактор' }).click()
  await dialog.getByLabel('Пароль').fill(password(laptop, 'olga'))
  await olga.keyboard.press('Enter')
  const secret = (await dialog.locator('.mono').textContent())!
  await dialog.getByLabel('Код').fill(totp(secret))
  await olga.keyboard.press('Enter')
  await expect(olga.getByText('Второй фактор включён.')).toBeVisible()
  await menu()
  await olga.getByRole('button', { name: 'Выйти' }).click()
  await olga.locator('input[name=login]').fill('olga')
  await olga.locator('input[name=password]').fill(password(laptop, 'olga'))
  await olga.keyboard.press('Enter')
  await olga.getByLabel('Код').fill(totp(secret, 1))
  await olga.keyboard.press('Enter')
  await expect(olga.locator('#main')).toBeVisible()
})

test('a reply leaves later and is stopped; a ticket is linked; an unreadable mail becomes a ticket', async ({ someone, laptop }) => {
  test.setTimeout(120_000)
  const numberOf = (page: { url: () => string }): string => new URL(page.url()).pathname.split('/').pop()!
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('Scanner is slow', 'It takes a minute a page.'))
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('Invoice for the new cartridges', 'Where is it?'))
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', 'nothing that looks like a mail\n')
  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'))
  await ann.getByRole('link', { name: 'Invoice for the new cartridges' }).click({ timeout: 20_000 })
  await ann.locator('#article-1').waitFor()
  const other = numberOf(ann)
  await ann.goto('/')
  await ann.getByRole('link', { name: 'Scanner is slow' }).click()
  await ann.locator('#article-1').waitFor()
  const number = numberOf(ann)
  await ann.keyboard.press('r')
  await ann.keyboard.type('Is it quicker now?')
  await expect(ann.getByText('You have been working on this ticket')).toBeVisible()
  await ann.getByRole('button', { name: 'Send later' }).click()
  await ann.getByRole('dialog').getByLabel('Unless the customer writes first').check()
  await ann.getByRole('dialog').getByRole('button', { name: 'Tomorrow 9:00' }).click()
  const said = ann.locator('[data-voice=agent]')
  await expect(said).toContainText('leaves at')
  await ann.reload()
  await expect(said).toContainText('unless the customer writes first.')
  await said.getByRole('button', { name: 'Undo' }).click()
  await expect(said).toContainText('Stopped by')

  await ann.getByRole('button', { name: 'Link to…' }).click()
  await ann.getByLabel('Number of the other ticket').fill(other)
  await ann.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).click()
  await ann.getByRole('complementary').getByRole('link', { name: other }).click()
  await expect(ann.getByRole('complementary')).toContainText(`Has to do with ${number}`)

  await ann.goto('/failed')
  await ann.getByRole('button', { name: 'Make a ticket' }).first().click({ timeout: 20_000 })
  await expect(ann).toHaveURL(/\/tickets\/\d+$/)
  await expect(ann.getByText('mail.eml').first()).toBeVisible()
})

test('a letter whose answer is lost is not there to be sent twice, and a look into the composer keeps nobody from a ticket', async ({ someone, laptop }) => {
  await sendMail(laptop, 'carla@example.org', 'support@desk.localhost', letter('The kettle leaks', 'It drips on the table.'))
  const ben = await someone()
  await signIn(ben, 'ben', password(laptop, 'ben'))
  await ben.getByRole('link', { name: 'The kettle leaks' }).click({ timeout: 20_000 })
  await ben.locator('#article-1').waitFor()
  await ben.keyboard.press('r')
  await expect(ben.getByText('You have been working on this ticket')).toBeVisible()
  const address = ben.url()
  await ben.close()

  const ann = await someone()
  await signIn(ann, 'ann', password(laptop, 'ann'), address)
  await expect(ann.getByText('Nobody is working on this ticket.')).toBeVisible()
  await ann.keyboard.press('r')
  await ann.getByRole('toolbar').waitFor()
  await ann.keyboard.type('Put a cup below it.')
  await expect(ann.getByText('Draft saved')).toBeVisible()
  await ann.route('**/drafts/reply', (route) => route.abort())
  await ann.route('**/articles', async (route) => {
    await route.fetch()
    await ann.goto(address)
  })
  await ann.keyboard.press('Control+Enter')
  await expect(ann.locator('[data-voice=agent]')).toContainText('Put a cup below it.')
  await expect(ann.getByRole('region', { name: 'Write' }).getByText('Draft')).toHaveCount(0)
  await ann.getByRole('button', { name: 'Reply' }).click()
  await expect(ann.getByRole('textbox', { name: 'Reply' })).toHaveText('')
})
