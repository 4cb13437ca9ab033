// Holds the budgets: what each first page loads, and what the editor adds to a ticket, gzipped. Reads dist/.vite/manifest.json.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))
const size = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length

function loaded(entry, found = new Set()) {
  const chunk = manifest[entry]
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  chunk.css?.forEach((file) => found.add(file))
  chunk.imports?.forEach((name) => loaded(name, found))
  return found
}

const PAGES = [
  { page: 'desk, list', entries: ['index.html', 'src/i18n/desk.ru.json'], js: 200, css: 20 },
  { page: 'desk, ticket', entries: ['index.html', 'src/i18n/desk.ru.json', 'src/desk/ticket/TicketScreen.tsx'], js: 260, css: 22 },
  { page: 'desk, editor', entries: ['src/desk/composer/editor/Editor.tsx'], after: ['index.html', 'src/desk/ticket/TicketScreen.tsx'], js: 130, css: 2 },
  { page: 'portal', entries: ['portal.html', 'src/i18n/portal.ru.json'], js: 170, css: 20 },
]

let over = false
for (const { page, entries, after = [], js, css } of PAGES) {
  const there = new Set(after.flatMap((entry) => [...loaded(entry)]))
  const files = new Set(entries.flatMap((entry) => [...loaded(entry)])).difference(there)
  const sum = (ending) => [...files].filter((file) => file.endsWith(ending)).reduce((total, file) => total + size(file), 0) / 1000
  const [scripts, styles] = [sum('.js'), sum('.css')]
  over ||= scripts > js || styles > css
  console.log(`${page.padEnd(14)} JS ${scripts.toFixed(1).padStart(6)} of ${js} KB   CSS ${styles.toFixed(1).padStart(5)} of ${css} KB`)
}
process.exit(over ? 1 : 0)
