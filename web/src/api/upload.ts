import { post } from './client'
import type { UploadForm } from './types'

/** Puts a file into the bucket by a presigned form; gives the upload's id. XMLHttpRequest, because fetch tells no progress. */
export async function upload(path: string, file: File, progress: (share: number) => void): Promise<string> {
  const content_type = file.type || 'application/octet-stream'
  const form = await post<UploadForm>(path, { filename: file.name, content_type, size: file.size })
  await send(form, file, progress)
  return form.upload
}

function send(form: UploadForm, file: File, progress: (share: number) => void): Promise<void> {
  const data = new FormData()
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value)
  data.append('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onload = () => (request.status < 300 ? resolve() : reject(new Error(`upload ${request.status}`)))
    request.onerror = () => reject(new Error('upload'))
    request.open('POST', form.url)
    request.send(data)
  })
}
