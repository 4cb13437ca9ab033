/** Letters with formatting, pictures, quotes and large files. */
import type { Page } from '@playwright/test'
import { expect, signIn, test, type Mock } from './fixtures'

const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')
const box = (page: Page) => page.getByRole('textbox', { name: 'Reply' })
const tool = (page: Page, name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true })

async function replying(page: Page, mock: Mock, at = 6) {
  const ticket = mock.desk.tickets[at]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.getByRole('toolbar').waitFor()
  await expect(page.getByText('You have been working')).toBeVisible()
  return ticket
}

/** As if it came from another program. */
const paste = (page: Page, parts: Record<string, string>, picture?: number[]) =>
  box(page).evaluate(
    (node, { parts, picture }) => {
      const data = new DataTransfer()
      for (const [type, content] of Object.entries(parts)) data.setData(type, content)
      if (picture) data.items.add(new File([new Uint8Array(picture)], 'screen.png', { type: 'image/png' }))
      node.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    },
    { parts, picture },
  )

test('a letter with formatting leaves as text and as HTML, and is drafted with it', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await page.keyboard.type('Please do ')
  await page.keyboard.press('Control+b')
  await page.keyboard.type('both')
  await expect(tool(page, 'Bold')).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Control+b')
  await page.keyboard.type(':')
  await page.keyboard.press('Enter')
  await page.keyboard.type('- wash')
  await page.keyboard.press('Enter')
  await page.keyboard.type('eat')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: /Reply/ }).click()
  await expect(box(page).locator('strong')).toHaveText('both')
  await expect(box(page).locator('li')).toHaveText(['wash', 'eat'])
  await page.keyboard.type(' well')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles.at(-1)).toMatchObject({ text: 'Please do both:\n- wash\n- eat well', html: '<div>Please do <strong>both</strong>:</div><ul><li>wash</li><li>eat well</li></ul>' })
  expect(ticket.drafts).toEqual([])
})

test('a plain letter has no HTML, and quotes the customer’s letter unless that is switched off', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await page.keyboard.type('It is on its way.')
  await page.getByRole('button', { name: 'Show the quote' }).click()
  await expect(page.locator('blockquote')).toContainText('Подробности ниже')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles.at(-1)).toMatchObject({ html: null, quote: '1' })
  await page.getByRole('button', { name: /Reply/ }).click()
  await box(page).fill('Once more.')
  await page.getByLabel('Quote below').uncheck()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => ticket.articles.length).toBe(3)
  expect(ticket.articles.at(-1).quote).toBeNull()
})

test('a pasted picture stands in the text and leaves within it; what came from Word is cleaned', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await paste(page, { 'text/html': '<p class=MsoNormal style="color:red">From <b>Word</b><o:p></o:p></p><img src="https://tracker.example/x.png">' })
  await expect(box(page).locator('strong')).toHaveText('Word')
  await paste(page, {}, [...DOT])
  await expect(box(page).locator('img.picture')).toHaveAttribute('src', /^blob:/)
  await expect.poll(() => box(page).locator('img.picture').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(10)
  await expect(page.getByText('Draft saved')).toBeVisible()
  await expect(page.locator('.uploads')).toHaveCount(0)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  const said = ticket.articles.at(-1)
  expect(said.text).toBe('From Word[screen.png]')
  expect(said.html).toContain('<img src="cid:screen.png" alt="screen.png">')
  expect(said.attachments).toHaveLength(1)
})

test('pasted text keeps its lines and its empty ones', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await page.keyboard.type('Log: ')
  await paste(page, { 'text/plain': 'first\r\nsecond\r\n\r\nfourth' })
  await page.keyboard.type('!')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.articles.at(-1).text).toBe('Log: first\nsecond\n\nfourth!')
})

test('a picture that was deleted again does not leave; a draft with one is there after a look elsewhere', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await page.keyboard.type('Look ')
  await paste(page, {}, [...DOT])
  await expect(box(page).locator('img.picture')).toHaveCount(1)
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.getByRole('link', { name: 'To the list' }).click()
  await page.locator('[data-row]').nth(6).click()
  await page.getByRole('button', { name: /Reply/ }).click()
  await expect(box(page).locator('img.picture')).toHaveAttribute('src', /^blob:/)
  await page.keyboard.press('Backspace')
  await expect(box(page).locator('img.picture')).toHaveCount(0)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles.at(-1)).toMatchObject({ text: 'Look ', attachments: [] })
})

test('after the page was loaded anew a drafted picture is named in its place, and still leaves', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await paste(page, {}, [...DOT])
  await expect.poll(() => ticket.drafts[0]?.body.files?.length).toBe(1)
  await page.reload()
  await page.getByRole('button', { name: /Reply/ }).click()
  await expect(box(page).locator('span.picture')).toHaveText('screen.png')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Reply sent.')).toBeVisible()
  expect(ticket.articles.at(-1).html).toContain('cid:screen.png')
  expect(ticket.articles.at(-1).attachments).toHaveLength(1)
})

test('the tools are one stop of the Tab key, walked by arrows; a link is set by keys', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = await replying(page, mock)
  await page.keyboard.type('here')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Alt+F10')
  await expect(tool(page, 'Bold')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(tool(page, 'Italic')).toBeFocused()
  await page.keyboard.press('End')
  await expect(tool(page, 'Remove formatting')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.keyboard.type('example.org/help')
  await page.keyboard.press('Enter')
  await expect(box(page).locator('a')).toHaveAttribute('href', 'https://example.org/help')
  await expect(box(page)).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => ticket.articles.at(-1).text).toBe('here <https://example.org/help>')
})

test('what does not fit into one mail is said to go as a link; what nobody takes is refused with the reason', { tag: '@long' }, async ({ someone, mock }) => {
  const page = await someone()
  await replying(page, mock)
  const file = (name: string, size: number) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(size) })
  await page.locator('input[type=file]:not([data-picture])').setInputFiles([file('small.pdf', 1e6), file('large.pdf', 16e6)])
  await expect(page.locator('.uploads li', { hasText: 'large.pdf' })).toContainText('goes as a link')
  await expect(page.locator('.uploads li', { hasText: 'small.pdf' })).not.toContainText('goes as a link')
  await page.route('**/api/uploads', (route) => route.fulfill({ status: 400, json: { code: 'malformed', message: 'Mail systems refuse files like setup.exe.' } }))
  await page.locator('input[type=file]:not([data-picture])').setInputFiles({ name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.alloc(10) })
  await expect(page.locator('.uploads li', { hasText: 'setup.exe' })).toContainText('Mail systems refuse files like setup.exe.')
})

test('a letter is forwarded to somebody, with a word above it', async ({ someone, mock }) => {
  const page = await someone()
  const ticket = mock.desk.tickets[6]
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('f')
  await page.keyboard.type('bank@example.com')
  await expect(page.getByText('You have been working')).toBeVisible()
  await page.getByRole('textbox', { name: 'Forward' }).fill('Can you see why?')
  await page.locator('section').getByRole('button', { name: 'Forward' }).last().click()
  await expect(page.getByText('Forwarded.')).toBeVisible()
  expect(ticket.articles.at(-1)).toMatchObject({ kind: 'forward', text: 'Can you see why?', quote: '1', to: [{ name: '', email: 'bank@example.com' }] })
})

test('keys that come before the editor are not lost', async ({ someone, mock }) => {
  const ticket = mock.desk.tickets[6]
  const page = await someone()
  let go = (): void => undefined
  const held = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/assets/Editor-*.js', (route) => held.then(() => route.continue()))
  await signIn(page, 'ann', 'ann-secret', `/tickets/${ticket.number}`)
  await page.locator('article').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('eeee early')
  go()
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.type(' bird')
  await expect(box(page)).toHaveText('eeee early bird')
  expect(ticket.state).toBe('open')
})
