import { useRef, useState, type ReactNode } from 'react'
import { ApiError } from '../api/client'
import { upload } from '../api/upload'
import { fileSize } from '../i18n/format'
import { useSpeech } from '../i18n'
import { Icon } from './Icon'

export interface Upload {
  key: string
  name: string
  size: number
  share: number
  id: string | null
  /** Why it could not be uploaded. */
  failure: unknown
  /** Stands in the text. */
  picture: boolean
}

/** A file that has been uploaded, as a draft keeps it. */
export type Uploaded = Pick<Upload, 'key' | 'name' | 'size' | 'picture'> & { id: string }

export interface Uploads {
  list: Upload[]
  add: (files: Iterable<File>) => void
  /** Uploads a picture of the text; gives its key. */
  picture: (file: File) => string
  remove: (key: string) => void
  /** These and no others: what a draft has kept. */
  become: (kept: Uploaded[]) => void
  ids: string[]
  busy: boolean
}

/** Files on their way into the bucket; `path` is the route that hands out the forms. */
export function useUploads(path: string, kept: Uploaded[] = []): Uploads {
  const [list, setList] = useState<Upload[]>(() => kept.map(uploaded))
  const edit = (key: string, part: Partial<Upload>): void =>
    setList((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)))
  const start = (file: File, picture = false): string => {
    const key = crypto.randomUUID()
    setList((all) => [...all, { key, picture, name: file.name, size: file.size, share: 0, id: null, failure: null }])
    upload(path, file, (share) => edit(key, { share })).then(
      (id) => edit(key, { id, share: 1 }),
      (failure: unknown) => edit(key, { failure }),
    )
    return key
  }
  return {
    list,
    add: (files) => [...files].forEach((file) => start(file)),
    picture: (file) => start(file, true),
    remove: (key) => setList((all) => all.filter((each) => each.key !== key)),
    become: (files) => setList(files.map(uploaded)),
    ids: list.flatMap((each) => each.id ?? []),
    busy: list.some((each) => !each.id && !each.failure),
  }
}

const uploaded = (file: Uploaded): Upload => ({ ...file, share: 1, failure: null })

// Both pages have these words.
const useAttaching = () => useSpeech<'attach' | 'remove_file' | 'upload_failed'>()

interface ListProps {
  uploads: Uploads
  /** Those that are shown; all, where nothing is said. */
  shown?: Upload[]
  remark?: (file: Upload) => ReactNode
}

export function UploadList({ uploads, shown = uploads.list, remark }: ListProps) {
  const { t, language, explain } = useAttaching()
  if (!shown.length) return null
  return (
    <ul className="uploads">
      {shown.map((file) => (
        <li key={file.key} className={`badge ${file.failure ? 'bad' : ''}`}>
          <Icon name="clip" />
          <span className="cut">{file.name}</span>
          {file.failure ? <span className="why">{file.failure instanceof ApiError ? explain(file.failure) : t('upload_failed')}</span> : <span className="muted">{fileSize(file.size, language)}</span>}
          {remark?.(file)}
          {!file.id && !file.failure && <progress max={1} value={file.share} aria-label={file.name} />}
          <button type="button" className="btn plain icon tiny" aria-label={t('remove_file', { name: file.name })} onClick={() => uploads.remove(file.key)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

export function AttachButton({ uploads }: { uploads: Uploads }) {
  const { t } = useAttaching()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className="btn" onClick={() => input.current?.click()}>
        <Icon name="clip" />
        {t('attach')}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => {
          uploads.add(event.target.files ?? [])
          event.target.value = ''
        }}
      />
    </>
  )
}
