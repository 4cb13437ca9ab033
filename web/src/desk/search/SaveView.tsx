import { useState } from 'react'
import { Dialog } from '../../ui/Dialog'
import { say } from '../../ui/toasts'
import { useWords } from '../words'
import type { Looking } from './SearchScreen'
import { useViews } from './views'

/** Keeps a search under a name, or drops the one that is kept. */
export function SaveView({ looking }: { looking: Looking }) {
  const { t, explain } = useWords()
  const { views, keep } = useViews()
  const [naming, setNaming] = useState(false)
  const sort = looking.sort ?? 'relevance'
  const same = views.find((view) => view.q === looking.q && view.sort === sort)
  const save = (kept: typeof views): void => void keep(kept).catch((error: unknown) => say(explain(error)))
  if (same) return <button className="btn" onClick={() => save(views.filter((view) => view !== same))}>{t('drop_view')}</button>
  const submit = (event: React.FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    if (!name) return
    save([...views.filter((view) => view.name !== name), { name, q: looking.q!, sort }])
    setNaming(false)
  }
  return (
    <>
      <button className="btn" onClick={() => setNaming(true)}>{t('save_view')}</button>
      <Dialog open={naming} close={() => setNaming(false)} title={t('save_view')} closeLabel={t('close_dialog')}>
        <form onSubmit={submit} className="stack">
          <label className="field">
            <span>{t('view_name')}</span>
            <input name="name" className="input" maxLength={60} required defaultValue={looking.q?.slice(0, 60)} autoFocus />
          </label>
          <button className="btn primary" type="submit">{t('save')}</button>
        </form>
      </Dialog>
    </>
  )
}
