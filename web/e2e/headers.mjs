// The site's headers as infra/ declares them, with the test's own server as the bucket and as the reader of reports.
import { readFileSync } from 'node:fs'

const DECLARED = JSON.parse(readFileSync(new URL('../../infra/site-headers.json', import.meta.url), 'utf8'))

export function headersFor(path) {
  const { 'Strict-Transport-Security': _, ...headers } = DECLARED[path] ?? DECLARED.default
  const policy = headers['Content-Security-Policy'].replaceAll(/ ?\$\{\w+\}/g, '')
  return { ...headers, 'Content-Security-Policy': `${policy}; report-uri /csp-report` }
}
