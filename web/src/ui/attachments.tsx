import { useRef, useState } from 'react'
import { upload } from '../api/upload'
import { fileSize } from '../i18n/format'
import type { Language } from '../i18n'
import { Icon } from './Icon'

export interface Upload {
  key: number
  name: string
  size: number
  share: number
  id: string | null
  failed: boolean
}

export interface Uploads {
  list: Upload[]
  add: (files: Iterable<File>) => void
  remove: (key: number) => void
  clear: () => void
  ids: string[]
  busy: boolean
}

/** Files on their way into the bucket; `path` is the route that hands out the forms. */
export function useUploads(path: string): Uploads {
  const [list, setList] = useState<Upload[]>([])
  const last = useRef(0)
  const edit = (key: number, part: Partial<Upload>): void =>
    setList((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)))
  const start = (file: File): void => {
    const key = ++last.current
    setList((all) => [...all, { key, name: file.name, size: file.size, share: 0, id: null, failed: false }])
    upload(path, file, (share) => edit(key, { share })).then(
      (id) => edit(key, { id, share: 1 }),
      () => edit(key, { failed: true }),
    )
  }
  return {
    list,
    add: (files) => [...files].forEach(start),
    remove: (key) => setList((all) => all.filter((each) => each.key !== key)),
    clear: () => setList([]),
    ids: list.flatMap((each) => each.id ?? []),
    busy: list.some((each) => !each.id && !each.failed),
  }
}

interface Said {
  attach: string
  remove: (name: string) => string
  failed: string
  language: Language
}

export function UploadList({ uploads, says }: { uploads: Uploads; says: Said }) {
  if (!uploads.list.length) return null
  return (
    <ul className="uploads">
      {uploads.list.map((file) => (
        <li key={file.key} className={`badge ${file.failed ? 'bad' : ''}`}>
          <Icon name="clip" />
          <span className="cut">{file.name}</span>
          {file.failed ? <span>{says.failed}</span> : <span className="muted">{fileSize(file.size, says.language)}</span>}
          {!file.id && !file.failed && <progress max={1} value={file.share} aria-label={file.name} />}
          <button type="button" className="btn plain icon tiny" aria-label={says.remove(file.name)} onClick={() => uploads.remove(file.key)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

export function AttachButton({ uploads, says }: { uploads: Uploads; says: Said }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className="btn" onClick={() => input.current?.click()}>
        <Icon name="clip" />
        {says.attach}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={says.attach}
        onChange={(event) => {
          uploads.add(event.target.files ?? [])
          event.target.value = ''
        }}
      />
    </>
  )
}
