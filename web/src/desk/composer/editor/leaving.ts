/** The HTML of a draft as it leaves: lines instead of paragraphs with space between them, uploads instead of our keys. */
export function leaving(html: string, uploads: Map<string, string>): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  body.querySelectorAll('img').forEach((image) => {
    const upload = uploads.get((image.getAttribute('src') ?? '').slice(4))
    if (upload) image.setAttribute('src', `cid:${upload}`)
    else image.remove()
  })
  body.querySelectorAll('p').forEach(asLine)
  return body.innerHTML
}

function asLine(paragraph: Element): void {
  const inItem = paragraph.parentElement?.tagName === 'LI' && !paragraph.previousElementSibling
  const line = paragraph.ownerDocument.createElement('div')
  line.append(...paragraph.childNodes)
  if (!line.hasChildNodes()) line.append(paragraph.ownerDocument.createElement('br'))
  if (inItem) paragraph.replaceWith(...line.childNodes)
  else paragraph.replaceWith(line)
}
