// Serves dist with the headers of production and the mock API. `node e2e/mock-server.mjs PORT` to look around by hand.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headersFor } from './headers.mjs'
import { makeDesk } from './mock-api.mjs'

const DIST = fileURLToPath(new URL('../dist', import.meta.url))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }

/** Starts a server of its own with a desk of its own: `{origin, desk, reports, close}`. */
export async function startMock(port = 0, count = 60) {
  const { desk, answer } = makeDesk(count)
  const reports = []
  const server = createServer((request, response) => void serve(request, response).catch((error) => response.writeHead(500).end(String(error))))
  const serve = async (request, response) => {
    const url = new URL(request.url, origin())
    const text = await bodyOf(request)
    if (url.pathname === '/csp-report') return reports.push(text), response.writeHead(204).end()
    if (url.pathname === '/bucket') return response.writeHead(204).end()
    if (url.pathname.startsWith('/api/')) return api(url, request, text, response)
    file(url.pathname, response)
  }
  const api = (url, request, text, response) => {
    const cookies = Object.fromEntries((request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')))
    const asked = { method: request.method, path: url.pathname.slice(4), query: Object.fromEntries(url.searchParams), headers: request.headers, body: text && JSON.parse(text), cookies, origin: origin() }
    const { status, body, headers } = answer(asked)
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }).end(body === undefined ? undefined : JSON.stringify(body))
  }
  const origin = () => `http://127.0.0.1:${server.address().port}`
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { origin: origin(), desk, reports, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) }
}

function file(path, response) {
  const known = join(DIST, normalize(path))
  const fallback = path.startsWith('/portal') ? 'portal.html' : 'index.html'
  const name = extname(path) && existsSync(known) ? known : join(DIST, fallback)
  const shown = name.slice(DIST.length)
  // As the site's bucket says it (dev/aws/site.py): a page that is loaded anew fetches and compiles none of these again.
  const lasting = shown.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Cache-Control': lasting, ...headersFor(shown) }).end(readFileSync(name))
}

async function bodyOf(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin } = await startMock(Number(process.argv[2] ?? 8010), 400)
  console.log(origin)
}
