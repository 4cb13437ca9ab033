/** The pictures of letters that are being written: in the text they are `cid:KEY`, here is what they look like. */
const shown = new Map<string, string>()

export const pictures = {
  keep: (key: string, file: File): void => void shown.set(key, URL.createObjectURL(file)),
  /** A blob: address; none where the page was loaded anew since. */
  url: (key: string): string | undefined => shown.get(key),
  forget: (keys: Iterable<string>): void => {
    for (const key of keys) {
      URL.revokeObjectURL(shown.get(key) ?? '')
      shown.delete(key)
    }
  },
}

/** The keys of the pictures in the HTML of a draft. */
export const keysIn = (html: string | undefined): Set<string> => new Set([...(html ?? '').matchAll(/<img[^>]* src="cid:([\w-]+)"/g)].map((found) => found[1]!))
