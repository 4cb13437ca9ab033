// The site's headers as infra/ declares them; violations are reported to the test's server as well.
const APP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const frame = (images) => `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: blob:${images}; font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox`

export function headersFor(path) {
  const policy = path === '/mail-frame.html' ? frame('') : path === '/mail-frame-img.html' ? frame(' https:') : APP
  return { 'Content-Security-Policy': `${policy}; report-uri /csp-report`, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }
}
