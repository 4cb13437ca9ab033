import { expect, signIn, test } from './fixtures'

test('hostile mail runs nothing and asks nobody; its banner stands outside of it', async ({ someone, mock }) => {
  const page = await someone()
  await signIn(page, 'ann', 'ann-secret', `/tickets/${mock.desk.tickets[0].number}`)
  const frame = page.frameLocator('iframe.mail-frame')
  await expect(frame.getByText('1,240.00')).toBeVisible()
  await expect(page.getByText(/(is|are) blocked/)).toBeVisible()
  expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined()
  await expect(frame.locator('script, style:not(head style), form, iframe, object, svg, video, base:not(head base)')).toHaveCount(0)
  await expect(frame.getByText('A decent link')).toHaveAttribute('rel', /noopener/)
  await expect(frame.getByText('quoted words')).toBeHidden()
  await page.locator('#article-6').getByRole('button', { name: 'Show the quote' }).click()
  await expect(frame.getByText('quoted words')).toBeVisible()
  await expect.poll(() => frame.getByAltText('logo').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  const height = await page.locator('iframe.mail-frame').evaluate((node) => node.clientHeight)
  expect(height).toBeGreaterThan(100)
})

test('the sandbox and the frame’s policy hold without the sanitiser', async ({ browser, mock }) => {
  const page = await browser.newPage({ baseURL: mock.origin })
  await signIn(page, 'ann', 'ann-secret', `/tickets/${mock.desk.tickets[0].number}`)
  await expect(page.frameLocator('iframe.mail-frame').getByText('1,240.00')).toBeVisible()
  await page.locator('iframe.mail-frame').evaluate((node: HTMLIFrameElement) => {
    node.contentDocument!.body.innerHTML = '<img src=x onerror="parent.pwned=1"><svg onload="parent.pwned=1"></svg><a id="js" href="javascript:parent.pwned=1">x</a><form id="f" action="/csp-report"></form>'
    node.contentDocument!.getElementById('js')!.click()
    ;(node.contentDocument!.getElementById('f') as HTMLFormElement).submit()
  })
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined()
  expect(mock.reports.length).toBeGreaterThan(0) // the policy has spoken up
  mock.reports.length = 0
  await page.close()
})

for (const images of [false, true]) {
  test(`a wide table keeps its words whole on a phone, ${images ? 'with' : 'without'} images`, async ({ someone, mock }) => {
    const page = await someone({ viewport: { width: 390, height: 844 } })
    await page.goto(`${mock.origin}/mail-frame${images ? '-img' : ''}.html`)
    const [narrow, wide] = await page.evaluate(() => {
      document.body.innerHTML = '<table><tr><td><span id="word">Position</span></td><td style="white-space:nowrap">1.234,00 EUR 1.234,00 EUR 1.234,00 EUR 1.234,00 EUR</td></tr></table>'
      return [document.getElementById('word')!.getClientRects().length, document.documentElement.scrollWidth]
    })
    expect(narrow).toBe(1)
    expect(wide).toBeGreaterThan(390) // what does not fit is scrolled to, within the mail
  })
}

test('the lines of a letter from Outlook stand as close as they were written', async ({ someone, mock }) => {
  const page = await someone()
  for (const name of ['mail-frame', 'mail-frame-img']) {
    await page.goto(`${mock.origin}/${name}.html`)
    await page.evaluate(() => (document.body.innerHTML = '<p class="MsoNormal">One</p><p>Two</p>'))
    await expect(page.getByText('One')).toHaveCSS('margin-bottom', '0px')
    await expect(page.getByText('Two')).not.toHaveCSS('margin-bottom', '0px')
  }
})
