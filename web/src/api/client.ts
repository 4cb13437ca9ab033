/** The one door to the API: JSON in and out, errors as ApiError, lists answered from memory on 304. */

export interface ErrorBody {
  code: string
  message: string
  reason?: string
  [detail: string]: unknown
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
  ) {
    super(body.message)
  }

  get reason(): string | undefined {
    return this.body.reason
  }
}

const seen = new Map<string, { etag: string; answer: unknown }>()

/** Called on every 401 of a signed-in screen, so that the sign-in comes up wherever one is. */
export const onSignedOut = { run: (): void => undefined }

/** What one person was shown is not kept for the next one. */
export const forget = (): void => seen.clear()

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const known = seen.get(path)
  const headers: HeadersInit = known ? { 'If-None-Match': known.etag } : {}
  const response = await reach(path, { headers, signal, cache: 'no-store' })
  if (response.status === 304 && known) return known.answer as T
  const answer = await read<T>(response)
  const etag = response.headers.get('ETag')
  if (etag) seen.set(path, { etag, answer })
  return answer
}

export const post = <T>(path: string, body?: unknown, key: string = crypto.randomUUID()): Promise<T> =>
  change<T>('POST', path, body, { 'Idempotency-Key': key })
export const put = <T>(path: string, body?: unknown): Promise<T> => change<T>('PUT', path, body)
export const patch = <T>(path: string, body?: unknown): Promise<T> => change<T>('PATCH', path, body)
export const remove = <T>(path: string, body?: unknown): Promise<T> => change<T>('DELETE', path, body)

async function change<T>(method: string, path: string, body: unknown, more: Record<string, string> = {}): Promise<T> {
  const headers: Record<string, string> = { 'X-Otklik': '1', ...more }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const text = body === undefined ? undefined : JSON.stringify(body)
  // A draft is still saved, and a lock given back, when the page is being left; browsers allow that for 64 KB.
  const keepalive = (method === 'PUT' || method === 'DELETE') && (text?.length ?? 0) < 15_000
  return read<T>(await reach(path, { method, headers, body: text, keepalive }))
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api${path}`, { ...init, credentials: 'same-origin' })
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure
    throw new ApiError(0, { code: 'unreachable', message: 'The desk cannot be reached.' })
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text()
  if (response.ok) return (text ? JSON.parse(text) : undefined) as T
  if (response.status === 401) {
    forget()
    onSignedOut.run()
  }
  throw new ApiError(response.status, errorBody(text, response.status))
}

function errorBody(text: string, status: number): ErrorBody {
  try {
    const body = JSON.parse(text) as ErrorBody
    if (typeof body.message === 'string') return body
  } catch {
    // not JSON: a gateway in between answered
  }
  return { code: 'failed', message: `The desk answered with ${status}.` }
}

export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : ''
}
