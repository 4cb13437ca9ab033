// The API by its contract, in memory. Only what the screens need; the real desk is tested in real.spec.ts.
import { randomUUID } from 'node:crypto'
import { agents, ago, me, seen, tickets, troubled } from './mock-data.mjs'

const refuse = (status, code, message, more = {}) => ({ status, body: { code, message, ...more } })
const ok = (body, status = 200, headers = {}) => ({ status, body, headers })
const none = { status: 204, body: undefined }

export function makeDesk(count = 60) {
  const desk = { tickets: tickets(count), sessions: new Map(), failed: [{ id: 'm-17', at: ago(3), reason: 'Neither From, Date, Subject, To nor Message-ID in the first 256 KB.', subject: null, from: null, size: 4096 }], undo: 0, once: new Map(), similar: [], waiting: [], unseen: [], undeliverable: {}, readonly: [] }
  if (count > 15) {
    const [one, ...others] = [1, 7, 2, 15, 9].map((at) => desk.tickets[at])
    troubled(one, others)
    desk.undeliverable[one.customer.email] = { at: ago(7), kind: 'bounce', status: '5.1.1', permanent: true, sentence: 'There is no such mailbox.' }
  }
  return { desk, answer: (request) => answer(desk, request) }
}

function answer(desk, request) {
  const { method, path } = request
  for (const [verb, pattern, run] of ROUTES) {
    const found = verb === method && pattern.exec(path)
    if (!found) continue
    const portal = path.startsWith('/portal/')
    if (method !== 'GET' && request.headers['x-otklik'] !== '1') return refuse(403, 'not_allowed', 'X-Otklik is missing.')
    const who = desk.sessions.get(request.cookies[portal ? 'otklik_portal' : 'otklik_agent'])
    if (!who && !/session/.test(path)) return refuse(401, 'not_signed_in', 'Please sign in.')
    return run(desk, { ...request, who, args: found.slice(1).map(decodeURIComponent) })
  }
  return refuse(404, 'not_found', `There is nothing at ${path}.`)
}

const row = ({ articles: _a, history: _h, links: _l, drafts: _d, ...rest }) => rest
const find = (desk, number) => desk.tickets.find((ticket) => ticket.number === number && !desk.unseen.includes(ticket.queue))
const withTicket = (run) => (desk, request) => {
  const ticket = find(desk, request.args[0])
  return ticket ? run(desk, request, ticket) : refuse(404, 'not_found', `There is no ticket ${request.args[0]} here.`)
}
const closed = (ticket) => /^(closed|merged|removed)/.test(ticket.state)
const locked = (ticket, who) => ticket.lock && ticket.lock.agent !== who
const conflict = (reason, ticket) => refuse(409, 'conflict', `Ticket ${ticket.number}: ${reason}.`, { reason, ticket: row(ticket) })

function signIn(desk, { body }) {
  if (body.login === 'factor') return ok({ challenge: 'SOFTWARE_TOKEN_MFA', session: 'c1' })
  if (body.login === 'fresh') return ok({ challenge: 'NEW_PASSWORD_REQUIRED', session: 'c2' })
  const agent = agents[body.login]
  return agent?.password === body.password ? opened(desk, agent) : refuse(401, 'not_signed_in', 'Login or password is wrong.')
}

function opened(desk, agent) {
  const token = randomUUID()
  desk.sessions.set(token, agent.login)
  return ok({ agent: me(agent) }, 200, { 'Set-Cookie': `otklik_agent=${token}; Path=/api; HttpOnly; SameSite=Strict` })
}

function queues(desk, { who }) {
  const counted = (name) => {
    const open = desk.tickets.filter((ticket) => ticket.queue === name && !closed(ticket))
    const many = (test) => open.filter(test).length
    return { new: many((t) => t.state === 'new'), open: many((t) => t.state === 'open'), pending: many((t) => t.state.startsWith('pending')), locked: many((t) => t.lock), mine: many((t) => t.owner === who), escalated: 0 }
  }
  const team = Object.values(agents).map(({ login, name }) => ({ login, name }))
  return ok({ people: [...team, { login: 'lena', name: 'Lena Left' }], targets: ['Billing', 'Junk', 'Raw', 'Support', 'Support::Level 2'], queues: ['Billing', 'Junk', 'Raw', 'Support', 'Support::Level 2'].filter((name) => !desk.unseen.includes(name)).map((name) => ({ name, write: !desk.readonly.includes(name), agents: team, counts: counted(name) })), as_of: ago(0) })
}

function list(desk, { query, who, headers }) {
  const owner = { me: who, none: null }[query.owner] ?? query.owner
  let found = desk.tickets.filter((ticket) => (query.state === 'closed' ? closed(ticket) : query.state ? ticket.state === query.state : !closed(ticket)))
  if (query.queue) found = found.filter((ticket) => ticket.queue === query.queue)
  if (query.owner) found = found.filter((ticket) => (query.owner === 'none' ? !ticket.owner : ticket.owner === owner))
  if (query.sort) {
    const name = query.sort.replace('-', '')
    const of = (ticket) => (name === 'customer' ? ticket.customer.name : (ticket[name] ?? ''))
    found = found.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) * (query.sort.startsWith('-') ? -1 : 1))
  }
  const from = Number(query.cursor ?? 0)
  const page = { tickets: found.slice(from, from + Number(query.limit ?? 50)).map(row), next: from + Number(query.limit ?? 50) < found.length ? String(from + Number(query.limit)) : null }
  const etag = `"${JSON.stringify(page).length}-${page.tickets.map((ticket) => ticket.version).join('')}"`
  return headers['if-none-match'] === etag ? { status: 304, body: undefined } : ok(page, 200, { ETag: etag })
}

function takeLock(desk, { who, body }, ticket) {
  if (locked(ticket, who) && !body?.takeover) return conflict('locked', ticket)
  const old = ticket.lock
  if (old?.agent !== who) ticket.taken = Math.max(ticket.taken ?? 3, old?.epoch ?? 3) + 1 // never the same epoch twice
  ticket.lock = old?.agent === who ? old : { agent: who, epoch: ticket.taken, since: ago(0), until: ago(-2) }
  Object.assign(ticket, { owner: who, version: ticket.version + 1 })
  return ok(ticket.lock)
}

function unlock(desk, { who, query }, ticket) {
  const kept = query.unused && (ticket.lock?.agent !== who || ticket.lock.epoch !== Number(query.unused) || ticket.drafts.some(({ body }) => body.text.trim()))
  if (!kept) Object.assign(ticket, { lock: null, version: ticket.version + 1 })
  return none
}

function speak(desk, { who, body, headers = {} }, ticket) {
  const key = headers['idempotency-key'] ?? null
  const given = key && ticket.articles.find((each) => each.key === key && each.by === who)
  if (given) return given.asked === JSON.stringify(body) ? ok(given, 201) : refuse(422, 'idempotency_mismatch', 'This Idempotency-Key was used for another request.')
  if (body.next_state && body.kind === 'note' && locked(ticket, who)) return conflict('locked', ticket)
  if (['reply', 'forward'].includes(body.kind)) {
    if (ticket.lock?.agent !== who || ticket.lock.epoch !== body.epoch) return conflict('lock_lost', ticket)
    const answer = ticket.articles.findLast((each) => each.kind === 'reply')
    if (body.seen < ticket.last_customer_seq || (body.seen < answer?.seq && (body.mind_own || answer.by !== who))) return conflict('newer_article', ticket)
  }
  const said = { id: String(ticket.articles.length + 1), seq: ticket.articles.length + 1, kind: body.kind, sender: who ? 'agent' : 'customer', channel: { reply: 'email', forward: 'email', note: 'note', phone: 'phone' }[body.kind], from: { name: 'Support', email: 'support@desk.localhost' }, to: ['reply', 'forward'].includes(body.kind) ? (body.to ?? [ticket.customer]) : [], cc: [], subject: ticket.title, text: body.text, html: body.html ?? null, quote: body.quote ?? null, fold: null, blocked: 0, visible: body.kind !== 'note', attachments: (body.attachments ?? []).map((id, n) => ({ n: n + 1, filename: id, content_type: 'text/plain', size: 12, inline: false })), at: ago(0), by: who, time_units: body.time_units ?? 0, report: null, delivery: ['reply', 'forward'].includes(body.kind) ? { state: (desk.undo && body.hold) || body.send_after ? 'due' : 'sent', at: ago(0), detail: '', not_before: body.send_after ?? (desk.undo && body.hold ? new Date(Date.now() + desk.undo * 1000).toISOString() : null) } : null, unless_answered: body.unless_answered ?? false, key, asked: JSON.stringify(body) }
  ticket.articles.push(said)
  ticket.article_count = said.seq
  desk.before = ticket.state
  ticket.version += 1
  ticket.state = body.next_state ?? (body.kind === 'reply' ? 'pending auto close+' : ticket.state)
  if (ticket.state.startsWith('pending')) ticket.pending_until = body.pending_until ?? ago(-168)
  if (closed(ticket)) ticket.lock = null
  return ok(said, 201)
}

function change(desk, { who, body }, ticket) {
  const { version, ...changes } = body
  if (version !== ticket.version) return conflict('changed', ticket)
  if (locked(ticket, who) && Object.keys(changes).some((name) => ['queue', 'state', 'priority', 'pending_until'].includes(name))) return conflict('locked', ticket)
  Object.assign(ticket, changes, { version: version + 1 })
  if (closed(ticket)) ticket.lock = null
  return ok(ticket)
}

function create(desk, { who, body, headers = {} }) {
  const key = headers['idempotency-key']
  const asked = JSON.stringify(body)
  const before = desk.once.get(key)
  if (before) return before.asked === asked ? ok(before.ticket, 201) : refuse(422, 'idempotency_mismatch', 'This Idempotency-Key was used for another request.')
  const [ticket] = tickets(1)
  if (key) desk.once.set(key, { asked, ticket })
  Object.assign(ticket, body, { number: `20261123${String(900000 + desk.tickets.length)}1`, owner: body.owner ?? null, lock: null, tags: [], articles: [], created: ago(0), drafts: [] })
  desk.tickets.unshift(ticket)
  if (body.channel === 'email') {
    ticket.lock = { agent: who, epoch: 0 }
    speak(desk, { who, body: { ...body, kind: 'reply', epoch: 0, to: [body.customer], next_state: body.state } }, ticket)
    Object.assign(ticket.articles[0], { kind: 'mail', cc: body.cc ?? [] })
    ticket.lock = null
  } else speak(desk, { who, body: { kind: 'phone', text: body.text } }, ticket)
  return ok(ticket, 201)
}

function draft(desk, { args, body }, ticket) {
  ticket.drafts = ticket.drafts.filter((each) => each.kind !== args[1])
  if (body) ticket.drafts.push({ kind: args[1], at: ago(0), body: body.body ?? body })
  return none
}

function stopMail(desk, { args, who }, ticket) {
  const said = ticket.articles.find((article) => article.id === args[1])
  if (said.delivery.state !== 'due') return conflict('changed', ticket)
  said.delivery = { state: 'cancelled', at: ago(0), detail: `stopped by ${who}`, not_before: null }
  ticket.state = desk.before
  ticket.version += 1
  return ok(said)
}

function letGo(desk, { args }, ticket) {
  const said = ticket.articles.find((article) => article.id === args[1])
  if (said.delivery.state === 'due' && Date.parse(said.delivery.not_before) <= Date.now()) said.delivery = { state: 'sent', at: ago(0), detail: '', not_before: null }
  return ok(said)
}

function merge(desk, { who, body }, ticket) {
  const into = find(desk, body.into)
  if (!into || into === ticket || into.merged_into) return refuse(400, 'malformed', 'This cannot be merged.')
  if (locked(ticket, who) || locked(into, who)) return conflict('locked', locked(ticket, who) ? ticket : into)
  const all = [...into.articles, ...ticket.articles].toSorted((a, b) => (a.at < b.at ? -1 : 1))
  into.articles = all.map((article, index) => ({ ...article, id: `${ticket.articles.includes(article) ? 'm' : ''}${article.id}`, seq: index + 1 }))
  into.links = [...into.links.filter((link) => link.number !== ticket.number), { number: ticket.number, kind: 'merged', back: true, email: ticket.customer.email, doubt: null, other: seen(ticket) }]
  Object.assign(ticket, { state: 'merged', lock: null, merged_into: into.number, articles: [], links: [], version: ticket.version + 1 })
  into.version += 1
  return ok(into)
}

function link(desk, { body }, ticket) {
  const there = find(desk, body.number)
  if (!there) return refuse(404, 'not_found', `There is no ticket ${body.number} here.`)
  ticket.links.push({ number: there.number, kind: body.kind, back: false, email: '', other: seen(there) })
  there.links.push({ number: ticket.number, kind: body.kind, back: true, email: ticket.customer.email, other: seen(ticket) })
  ticket.version += 1
  return ok(ticket)
}

function ticketOfFailed(desk, { who, args, body }) {
  const mail = desk.failed.find((each) => each.id === args[0])
  if (!mail) return refuse(404, 'not_found', 'There is no such failed mail.')
  if (desk.readonly.includes(body.queue)) return refuse(403, 'not_allowed', 'You may not write there.')
  desk.failed = desk.failed.filter((each) => each !== mail)
  return create(desk, { who, body: { queue: body.queue, title: 'A mail that could not be read', text: mail.reason, state: 'new', customer: { name: '', email: '' } } })
}

function letJoin(desk, request, ticket) {
  const email = request.body.email
  ticket.participants = [...new Set([...ticket.participants, email])]
  const waits = ticket.links.find((link) => link.kind === 'waiting' && link.back && link.email === email)
  return waits ? merge(desk, { ...request, body: { into: ticket.number } }, find(desk, waits.number)) : ok(ticket)
}

function sendAway(desk, { args }, ticket) {
  if (args[1] === ticket.customer.email) return refuse(400, 'malformed', 'This is the customer.')
  ticket.participants = ticket.participants.filter((each) => each !== args[1])
  return ok(ticket)
}

function sendAgain(desk, { args }, ticket) {
  const said = ticket.articles.find((article) => article.id === args[1])
  said.delivery = { state: 'sent', at: ago(0), detail: '', not_before: null }
  return ok(said)
}

const own = (ticket) => ({ number: ticket.number, title: ticket.title, state: ticket.state, created: ticket.created, changed: ticket.changed, customer: ticket.customer, articles: ticket.articles.filter((article) => article.visible) })
const carlas = (desk, who) => desk.tickets.filter((ticket) => ticket.customer.email === who)
const form = (desk, { origin, body }) => body.size > 100 * 1024 * 1024 ? refuse(400, 'too_large', 'A file may have 100 MB.') : ok({ upload: body.filename, url: `${origin}/bucket`, fields: { key: `up/${body.filename}` } })

const ROUTES = [
  ['POST', /^\/session$/, signIn],
  ['POST', /^\/session\/challenge$/, (desk) => opened(desk, agents.ann)],
  ['POST', /^\/session\/forgotten$/, () => none],
  ['PUT', /^\/session\/forgotten$/, () => none],
  ['GET', /^\/session$/, (desk, { who }) => (who ? ok(me(agents[who])) : refuse(401, 'not_signed_in', 'Please sign in.'))],
  ['DELETE', /^\/session$/, (desk, { cookies }) => (desk.sessions.delete(cookies.otklik_agent), none)],
  ['POST', /^\/session\/factor$/, (desk, { body }) => ok(body.code ? { enabled: !body.remove, session: null, secret: null, uri: null } : { enabled: false, session: 's1', secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Otklik:ann?secret=JBSWY3DPEHPK3PXP' })],
  ['GET', /^\/queues$/, queues],
  ['GET', /^\/tickets$/, list],
  ['POST', /^\/tickets$/, create],
  ['GET', /^\/tickets\/([^/]+)$/, withTicket((desk, _, ticket) => ((ticket.unread = false), ok({ ...ticket, drafts: ticket.drafts.filter(({ body }) => !body.key || !ticket.articles.some(({ key }) => key === body.key)) })))],
  ['PATCH', /^\/tickets\/([^/]+)$/, withTicket(change)],
  ['PUT', /^\/tickets\/([^/]+)\/lock$/, withTicket(takeLock)],
  ['DELETE', /^\/tickets\/([^/]+)\/lock$/, withTicket(unlock)],
  ['POST', /^\/tickets\/([^/]+)\/articles$/, withTicket(speak)],
  ['PUT', /^\/tickets\/([^/]+)\/drafts\/([^/]+)$/, withTicket(draft)],
  ['DELETE', /^\/tickets\/([^/]+)\/drafts\/([^/]+)$/, withTicket(draft)],
  ['DELETE', /^\/tickets\/([^/]+)\/articles\/([^/]+)\/delivery$/, withTicket(stopMail)],
  ['PUT', /^\/tickets\/([^/]+)\/articles\/([^/]+)\/delivery$/, withTicket(letGo)],
  ['POST', /^\/tickets\/([^/]+)\/articles\/([^/]+)\/delivery$/, withTicket(sendAgain)],
  ['POST', /^\/tickets\/([^/]+)\/merge$/, withTicket(merge)],
  ['POST', /^\/tickets\/([^/]+)\/links$/, withTicket(link)],
  ['POST', /^\/tickets\/([^/]+)\/participants$/, withTicket(letJoin)],
  ['DELETE', /^\/tickets\/([^/]+)\/participants\/([^/]+)$/, withTicket(sendAway)],
  ['GET', /^\/tickets\/([^/]+)\/articles\/([^/]+)\/attachments\/([^/]+)$/, () => ({ status: 302, headers: { Location: '/icon.svg' } })],
  ['POST', /^\/uploads$/, form],
  ['POST', /^\/portal\/uploads$/, form],
  ['GET', /^\/customers$/, (desk, { query }) => ok({ customers: [{ name: 'Carla Conti', email: 'carla@example.org' }].filter((each) => each.email.includes(query.q)) })],
  ['GET', /^\/customers\/([^/]+)$/, (desk, { args }) => ok({ email: args[0], name: carlas(desk, args[0])[0]?.customer.name ?? '', undeliverable: desk.undeliverable[args[0]] ?? null, tickets: carlas(desk, args[0]).slice(0, 4).map(row) })],
  ['GET', /^\/outbox$/, (desk) => ok({ mails: [...desk.waiting, { stays: false, number: '202611231000000', title: 'Invoice', queue: 'Support', article: '4', kind: 'reply', to: [{ name: 'Carla', email: 'carla@example.org' }], subject: '[Ticket#202611231000000] Re: Invoice', delivery: { state: 'failed', at: ago(1), detail: 'MessageRejected: no', not_before: null } }], next: null })],
  ['GET', /^\/views$/, () => ok({ views: [] })],
  ['GET', /^\/tickets\/\d+\/similar$/, (desk) => ok({ tickets: desk.similar.map(row) })],
  ['GET', /^\/failed-mails$/, (desk) => ok({ failed_mails: desk.failed })],
  ['POST', /^\/failed-mails\/([^/]+)\/retry$/, (desk) => ((desk.failed = []), none)],
  ['POST', /^\/failed-mails\/([^/]+)\/ticket$/, ticketOfFailed],
  ['POST', /^\/portal\/session$/, () => ({ status: 202, body: {} })],
  ['PUT', /^\/portal\/session$/, provePortal],
  ['DELETE', /^\/portal\/session$/, (desk, { cookies }) => (desk.sessions.delete(cookies.otklik_portal), none)],
  ['GET', /^\/portal\/tickets$/, (desk, { who }) => ok({ tickets: carlas(desk, who).map(own), next: null })],
  ['POST', /^\/portal\/tickets$/, (desk, request) => create(desk, { ...request, body: { ...request.body, customer: { name: 'Carla Conti', email: request.who }, queue: 'Support', state: 'new' } })],
  ['GET', /^\/portal\/tickets\/([^/]+)$/, withTicket((desk, _, ticket) => ok(own(ticket)))],
  ['POST', /^\/portal\/tickets\/([^/]+)\/articles$/, withTicket((desk, { body }, ticket) => speak(desk, { who: null, body: { kind: 'phone', ...body } }, ticket))],
]

function provePortal(desk, { body }) {
  if (body.code !== '123456') return refuse(401, 'not_signed_in', 'This code is not valid (any more). Ask for a new one.')
  const token = randomUUID()
  desk.sessions.set(token, body.email)
  return ok({ email: body.email }, 200, { 'Set-Cookie': `otklik_portal=${token}; Path=/api/portal; HttpOnly; SameSite=Strict` })
}
