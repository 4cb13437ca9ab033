/** The real desk on this machine: started once, with data of its own; mail by SMTP in, by the outbox out. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VENV = join(ROOT, '.venv/bin/python')

export interface Laptop {
  web: string
  smtp: string
  outbox: string
  agents: { login: string; password: string; name: string }[]
  stop: () => Promise<void>
}

export async function startLaptop(): Promise<Laptop> {
  const data = mkdtempSync(join(tmpdir(), 'otklik-e2e-'))
  const python = process.env.PYTHON ?? (existsSync(VENV) ? VENV : 'python3')
  const desk = spawn(python, ['-m', 'dev.server', '--port', '0', '--smtp-port', '0', '--json', '--data', data], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async (): Promise<void> => {
    await ended(desk)
    rmSync(data, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: desk.stdout! })) {
    if (line.startsWith('{')) return { ...(JSON.parse(line) as Omit<Laptop, 'stop'>), stop }
  }
  throw new Error('The desk did not start.')
}

async function ended(desk: ChildProcess): Promise<void> {
  if (desk.exitCode !== null) return
  desk.kill('SIGTERM')
  await once(desk, 'exit')
}

/** Hands a mail to the desk as any mail program would. */
export async function sendMail(laptop: Laptop, from: string, to: string, mail: string): Promise<void> {
  const [host, port] = laptop.smtp.split(':')
  const socket = connect(Number(port), host)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const answer = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done || /^[45]/.test(value)) throw new Error(`SMTP: ${value}`)
      if (/^\d{3} /.test(value)) return
    }
  }
  const say = async (line: string): Promise<void> => {
    socket.write(`${line}\r\n`)
    await answer()
  }
  await answer()
  await say('EHLO e2e.example')
  await say(`MAIL FROM:<${from}>`)
  await say(`RCPT TO:<${to}>`)
  await say('DATA')
  await say(`${mail.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')}\r\n.`)
  socket.end('QUIT\r\n')
}

export interface Sent {
  to: string[]
  subject: string
  text: string
}

/** What has left the desk, oldest first; the text is good enough to look for words in. */
export async function outbox(laptop: Laptop): Promise<Sent[]> {
  const mails = (await (await fetch(laptop.outbox)).json()) as { to: string[]; subject: string; raw: string }[]
  return mails.map(({ to, subject, raw }) => ({ to, subject, text: decoded(Buffer.from(raw, 'base64').toString('utf8')) }))
}

/** The text with quoted-printable and base64 parts opened. */
function decoded(raw: string): string {
  const printable = raw.replace(/=\r?\n/g, '').replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'))
  const blocks = raw.match(/(?:^[A-Za-z0-9+/=]{4,76}\r?\n?)+/gm) ?? []
  return [printable, ...blocks.map((block) => Buffer.from(block, 'base64').toString('utf8'))].join('\n')
}

/** What an authenticator app shows for the secret `steps` half minutes from now (RFC 6238). */
export function totp(secret: string, steps = 0): string {
  const bits = [...secret.replace(/[=\s]/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac.at(-1)! & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
