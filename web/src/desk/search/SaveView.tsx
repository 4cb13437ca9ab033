import { useState } from 'react'
import type { View } from '../../api/types'
import { Dialog } from '../../ui/Dialog'
import { say } from '../../ui/toasts'
import { useWords } from '../words'
import type { Looking } from './SearchScreen'
import { useViews } from './views'

/** Keeps a search under a name; gives another name to the one that is kept, or drops it. */
export function SaveView({ looking }: { looking: Looking }) {
  const { t, explain } = useWords()
  const { views, keep } = useViews()
  const [naming, setNaming] = useState(false)
  const [taken, setTaken] = useState(false)
  const sort = looking.sort ?? 'relevance'
  const here = (view: View): boolean => view.q === looking.q && view.sort === sort
  const same = views.find(here)
  const save = (change: (kept: View[]) => View[]): void => void keep(change).catch((error: unknown) => say(explain(error)))
  const submit = (event: React.FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    if (!name) return
    if (views.some((view) => view.name === name && !here(view))) return setTaken(true)
    save((kept) => (kept.some(here) ? kept.map((view) => (here(view) ? { ...view, name } : view)) : [...kept, { name, q: looking.q!, sort }]))
    setNaming(false)
  }
  const title = t(same ? 'rename_view' : 'save_view')
  return (
    <>
      <button className="btn" onClick={() => (setTaken(false), setNaming(true))}>{title}</button>
      {same && <button className="btn" onClick={() => save((kept) => kept.filter((view) => !here(view)))}>{t('drop_view')}</button>}
      <Dialog open={naming} close={() => setNaming(false)} title={title} closeLabel={t('close_dialog')}>
        <form onSubmit={submit} className="stack">
          <label className="field">
            <span>{t('view_name')}</span>
            <input name="name" className="input" maxLength={60} required defaultValue={same?.name ?? looking.q?.slice(0, 60)} aria-invalid={taken} onChange={() => setTaken(false)} autoFocus />
          </label>
          {taken && <p className="problem" role="alert">{t('view_name_taken')}</p>}
          <button className="btn primary" type="submit">{t('save')}</button>
        </form>
      </Dialog>
    </>
  )
}
