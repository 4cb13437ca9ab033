// The cast and their tickets, for the mock of the API: what a morning in Support looks like.
const HOUR = 3600_000
export const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString()

export const agents = {
  ann: { login: 'ann', name: 'Ann Archer', role: 'agent', language: 'en', password: 'ann-secret' },
  ben: { login: 'ben', name: 'Ben Brook', role: 'agent', language: 'en', password: 'ben-secret' },
  olga: { login: 'olga', name: 'Ольга Орлова', role: 'agent', language: 'ru', password: 'olga-secret' },
}
export const me = ({ password: _, ...agent }) => ({ ...agent, queues: { Support: 'write' }, out_of_office: false })

const people = [
  ['Carla Conti', 'carla@example.org'],
  ['Иван Петров', 'ivan@example.ru'],
  ['Eve', 'eve@example.net'],
  ['Мария Кузнецова', 'm.kuznetsova@example.ru'],
  ['Dmitri Volkov', 'dv@example.com'],
  ['', 'no-reply@machines.example.com'],
]
const subjects = [
  'Invoice 2026-118 shows the wrong address',
  'Не могу войти в личный кабинет',
  'The printer on the third floor prints only half of each page since the update on Friday',
  'Возврат денег за заказ № 4471',
  'Password reset mail never arrives',
  'Question about the contract',
  'Не приходит код подтверждения',
  'Delivery to Oslo',
]
const states = ['new', 'open', 'open', 'pending auto close+', 'pending reminder', 'new', 'open', 'open']

export const hostile = `<p>Hello, please see the figures:</p>
<script>window.pwned = 1; parent.pwned = 1</script>
<style>@import url(https://tracker.example/css); body { background: url(https://tracker.example/bg) } .notice { display: none }</style>
<img src="https://tracker.example/pixel.png" onerror="parent.pwned = 1" width="1" height="1">
<img src="x" onerror="parent.pwned = 1"><svg onload="parent.pwned = 1"><image href="https://tracker.example/svg"/></svg>
<a href="javascript:parent.pwned=1">Click here</a> <a href="https://example.org/offer">A decent link</a>
<form action="https://tracker.example/form"><input name="password"><button>Send</button></form>
<meta http-equiv="refresh" content="0;url=https://tracker.example/meta"><base href="https://tracker.example/">
<iframe src="https://tracker.example/frame"></iframe><object data="https://tracker.example/object"></object>
<div style="position:fixed;inset:0;background:url(https://tracker.example/style)">Cover</div>
<div style="background-image:\\75rl(https://tracker.example/escape)">Escaped</div>
<video poster="https://tracker.example/poster" src="https://tracker.example/video"></video>
<img src="cid:logo@mail" width="8" height="8" alt="logo">
<table border="1"><tr><td style="background:#ffeecc;padding:6px">Quarter</td><td style="color:#c00">1,240.00</td></tr></table>
<blockquote>On Monday you wrote: quoted words</blockquote>`

const article = (seq, part) => ({
  id: String(seq), seq, kind: 'mail', channel: 'email', from: null, to: [], cc: [], subject: '', text: '', html: null, fold: null, blocked: 0, incomplete: false, doubt: null,
  visible: true, attachments: [], at: ago(30 - seq * 2), by: null, time_units: 0, delivery: null, report: null, raw: part.sender === undefined, sender: 'customer', ...part,
})

export function conversation(customer, title) {
  const support = { name: 'Support', email: 'support@desk.localhost' }
  const letter = 'Hello,\n\nsince the last update the invoice shows our old address. Could you send a corrected one?\nThe new one is at https://example.org/imprint.\n\nThank you\nCarla'
  const quoted = 'Thank you, but the second page is still wrong.'
  return [
    article(1, { from: customer, to: [support], subject: title, text: letter, attachments: [{ n: 1, filename: 'invoice-2026-118.pdf', content_type: 'application/pdf', size: 84211, inline: false }] }),
    article(2, { kind: 'auto', sender: 'system', from: support, to: [customer], subject: `Re: ${title}`, text: 'Thank you for your letter. Its number is below; please keep it in the subject.', delivery: { state: 'delivered', at: ago(29) } }),
    article(3, { sender: 'agent', kind: 'note', channel: 'note', by: 'ben', from: { name: 'Ben Brook', email: 'ben@desk.localhost' }, visible: false, text: 'The address comes from the old contract. Billing has to change it first.', time_units: 10 }),
    article(4, { sender: 'agent', kind: 'reply', by: 'ann', from: support, to: [customer], subject: `Re: ${title}`, text: 'Dear Carla Conti,\n\nthe corrected invoice is attached.\n\nKind regards\nAnn Archer', time_units: 25, delivery: { state: 'sent', at: ago(20) } }),
    article(5, { from: customer, to: [support], subject: `Re: ${title}`, text: `${quoted}\n\n> Dear Carla Conti,\n>\n> the corrected invoice is attached.`, fold: quoted.length }),
    article(6, { from: customer, to: [support], subject: 'Figures', text: 'Hello, please see the figures', html: hostile, fold: 20, blocked: 4, attachments: [{ n: 1, filename: 'logo.svg', content_type: 'image/svg+xml', size: 90, inline: true, content_id: 'logo@mail' }] }),
  ]
}

/** What a link says of the ticket behind it. */
export const seen = ({ title, state, queue, customer }) => ({ title, state, queue, customer })

/** A ticket in the middle of things: a reply that came back, files that may not be opened, tickets that want to be one. */
export function troubled(ticket, others) {
  const support = { name: 'Support', email: 'support@desk.localhost' }
  const sentence = 'There is no such mailbox.'
  const file = (n, part) => ({ n, filename: `file-${n}.bin`, content_type: 'application/octet-stream', size: 1000, inline: false, content_id: null, quarantined: false, link_until: null, ...part })
  const recipients = [{ email: ticket.customer.email, status: '5.1.1', permanent: true, sentence }]
  ticket.articles = [
    { ...ticket.articles[0], attachments: [file(1, { filename: 'figures.xls.exe', quarantined: true })], at: ago(9), doubt: 'forged' },
    article(2, { sender: 'agent', kind: 'reply', by: 'ann', from: support, to: [ticket.customer], subject: `Re: ${ticket.title}`, text: 'The recording is attached.', attachments: [file(1, { filename: 'recording.mp4', size: 48e6, link_until: ago(-300) })], at: ago(8), delivery: { state: 'bounced', at: ago(7), detail: '5.1.1', not_before: null } }),
    article(3, { sender: 'system', kind: 'mail', from: { name: 'Mail Delivery System', email: 'MAILER-DAEMON@mx.example.ru' }, to: [support], subject: 'Undelivered Mail Returned to Sender', text: 'This is the mail system at host mx.example.ru.', at: ago(7), report: { kind: 'bounce', of: '2', recipients } }),
  ]
  const [follow, waiting, asked, mail] = others.map((other) => other.number)
  others[0].articles[0].doubt = 'unproven'
  ticket.links = [
    { number: follow, kind: 'follow-up', back: true, email: others[0].customer.email, doubt: 'unproven', other: seen(others[0]) },
    { number: waiting, kind: 'waiting', back: true, email: others[1].customer.email, doubt: null, other: seen(others[1]) },
    { number: asked, kind: 'asked-before', back: false, email: '', doubt: null, other: seen(others[2]) },
    { number: mail, kind: 'same-mail', back: false, email: '', doubt: null, other: null },
  ]
  Object.assign(ticket, { participants: [ticket.customer.email, 'colleague@example.ru', 'supplier@example.net'], aside: ['supplier@example.net'], last_customer_seq: 1, article_count: 3 })
}

export function tickets(count) {
  return Array.from({ length: count }, (_, index) => {
    const [name, email] = people[index % people.length]
    const title = subjects[index % subjects.length]
    const state = states[index % states.length]
    const customer = { name, email }
    const articles = index % 8 === 0 ? conversation(customer, title) : [article(1, { from: customer, subject: title, text: `${title}.\n\nПодробности ниже.`, at: ago(index * 1.7) })]
    const locked = index % 9 === 4
    return {
      number: `20261123${String(100000 + index * 7919).slice(0, 6)}${index % 10}`, title, queue: index % 5 === 3 ? 'Billing' : 'Support', state,
      priority: index % 7 === 2 ? 5 : index % 6 === 1 ? 4 : 3, owner: locked ? 'ben' : index % 4 === 1 ? 'ann' : null, responsible: null,
      lock: locked ? { agent: 'ben', epoch: 3, since: ago(0.6), until: new Date(Date.now() + 1.4 * HOUR).toISOString() } : null,
      customer, doubt: index === 5 ? 'forged' : null, created: ago(index * 1.7 + 0.05), changed: ago(index), due: {}, pending_until: state.startsWith('pending') ? ago(-40) : null,
      unread: index % 3 === 0, article_count: articles.length, tags: index % 8 === 0 ? ['vip'] : [], version: 3, time_units: 35,
      articles, links: [], drafts: [], participants: [], aside: [], answer_to: null, merged_into: null, last_customer_seq: articles.length,
      history: [
        { type: 'NewTicket', at: ago(30), by: 'system', name: '', old: null, new: title, detail: {} },
        { type: 'Lock', at: ago(5), by: 'ben', name: '', old: 'ann', new: 'ben', detail: { epoch: 3, taken_over: true } },
        { type: 'StateUpdate', at: ago(4), by: 'ben', name: 'state', old: 'new', new: 'open', detail: {} },
      ],
    }
  })
}
