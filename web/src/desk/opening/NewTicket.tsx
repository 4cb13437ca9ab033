import { Link } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { AttachButton, UploadList, useUploads } from '../../ui/attachments'
import { say } from '../../ui/toasts'
import { useFilesInDraft } from '../composer/Composer'
import { Later } from '../composer/Later'
import { asLinks, going, people, type Schedule } from '../composer/sending'
import { loadSoon, Words as Writing } from '../composer/Words'
import type { Box } from '../composer/editor/Editor'
import { useMe } from '../Door'
import { mine } from '../MakeTicket'
import { useQueues } from '../Queues'
import { place } from '../list/place'
import { useWords } from '../words'
import { CustomerField } from './CustomerField'
import { Fields } from './Fields'
import { KnownCustomer } from './KnownCustomer'
import css from './opening.module.css'
import { useOpening } from './opening'
import { usePaused } from './paused'
import { bodyOf, customerOf, EMPTY, hasWords, isMail, useWritten, wrong, type Written } from './written'

/** A call that came in, or a mail that the desk writes first. No form: an Enter too many must not send a letter. */
export function NewTicket() {
  const { t } = useWords()
  const { written, edit, put } = useWritten()
  const [round, setRound] = useState(0)
  const uploads = useUploads('/uploads', written.files)
  const begin = (next: Written): void => {
    put(next)
    uploads.become(next.files ?? [])
    setRound((last) => last + 1)
  }
  const queues = useQueues().data?.queues
  const names = mine(queues ?? [])
  const queue = [written.queue, place.search.queue, names[0]].find((name) => name && names.includes(name))
  const me = useMe()
  const opening = useOpening(written, edit, () => begin(EMPTY))
  const [missing, setMissing] = useState<string | null>(null)
  useFilesInDraft(uploads, written, edit)
  useEffect(loadSoon, [])
  useFocusKept(opening.busy)
  const send = (schedule?: Schedule): void => {
    const found = wrong(written, queue, uploads.list)
    setMissing(found?.field ?? null)
    opening.setProblem(found && t(found.why))
    if (found) return void document.getElementById(`new-${found.field}`)?.focus()
    void opening.submit(bodyOf(written, queue!, written.owner ?? me.login, uploads.list, schedule))
  }
  const discard = (): void => {
    const before = written
    begin({ ...EMPTY, channel: before.channel })
    say(t('thrown_away'), { label: t('undo'), run: () => begin(before) })
  }
  const invalid = (field: string) => ({ id: `new-${field}`, 'aria-invalid': missing === field })
  return (
    <div className={css.page}>
      <title>{`${t('new_ticket')} · Otklik`}</title>
      <section className={`panel ${css.form}`} aria-label={t('new_ticket')} inert={opening.busy} onKeyDown={(event) => asksToSend(event) && send()}>
        <div className="row">
          <h1 className="grow">{t('new_ticket')}</h1>
          <Channels channel={written.channel} set={(channel) => edit({ channel })} />
        </div>
        <p className="muted small">{t(isMail(written) ? 'email_hint' : 'phone_hint')}</p>
        <Customer key={`customer ${round}`} written={written} edit={edit} invalid={invalid} />
        <label className="field">
          <span>{t('subject')}</span>
          <input className="input" value={written.title} maxLength={200} onChange={(event) => edit({ title: event.target.value })} {...invalid('title')} />
        </label>
        <Text key={`text ${round}`} written={written} edit={edit} uploads={uploads} invalid={missing === 'text'} />
        <Fields written={written} edit={edit} queues={names} queue={queue} invalid={invalid} />
        <div className={css.foot}>
          {queues && !names.length && <p className="notice warn" role="alert">{t('no_queue')}</p>}
          {opening.made && <p className="notice warn" role="alert">{t('opened_before')} <Link to="/tickets/$number" params={{ number: opening.made.number }}>{opening.made.number}</Link></p>}
          {opening.problem && <p className="problem" role="alert">{opening.problem}</p>}
          <div className="row">
            <AttachButton uploads={uploads} />
            {hasWords(written) && <button type="button" className="btn plain" onClick={discard}>{t('throw_away')}</button>}
            <span className="grow" />
            {isMail(written) && <Later ready={!opening.busy && Boolean(written.text.trim())} unless={false} send={send} />}
            <button type="button" className="btn primary" disabled={opening.busy} title="Ctrl + Enter" onClick={() => send()}>
              {t(isMail(written) ? 'open_and_send' : 'open_ticket')}
            </button>
          </div>
        </div>
      </section>
    </div>
  )
}

/** Not in a dialog of its own, which asks for something else. */
const asksToSend = ({ key, ctrlKey, metaKey, target }: KeyboardEvent): boolean => key === 'Enter' && (ctrlKey || metaKey) && !(target as HTMLElement).closest('dialog')

/** What is being sent cannot be changed meanwhile; where it was refused, one goes on where one was. */
function useFocusKept(busy: boolean): void {
  useLayoutEffect(() => {
    const at = document.activeElement
    if (!busy) return
    // Who types on must not find herself in another screen by a key of the desk.
    const listen = (event: globalThis.KeyboardEvent): void => void (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.preventDefault())
    document.addEventListener('keydown', listen, true)
    return () => {
      document.removeEventListener('keydown', listen, true)
      if (at instanceof HTMLElement) at.focus()
    }
  }, [busy])
}

interface PartProps {
  written: Written
  edit: (part: Partial<Written>) => void
}

function Channels({ channel, set }: { channel: Written['channel']; set: (channel: Written['channel']) => void }) {
  const { t } = useWords()
  return (
    <div className={css.channels} role="group" aria-label={t('channel')}>
      {(['phone', 'email'] as const).map((each) => (
        <button key={each} type="button" className="btn" aria-pressed={each === channel} onClick={() => set(each)}>
          {t(`channel_${each}`)}
        </button>
      ))}
    </div>
  )
}

const PAUSE = 300

/** Whom it is about: looked up when the typing pauses. Not when the field is left: what comes up then moves what is being clicked. */
function Customer({ written, edit, invalid }: PartProps & { invalid: (field: string) => { id: string; 'aria-invalid': boolean } }) {
  const { t } = useWords()
  const settled = usePaused(written.to, PAUSE)
  const leave = (): void => {
    const [first, ...others] = people(written.to ?? '')
    if (first?.name && !others.length) edit({ to: first.email, name: written.name || first.name })
  }
  const email = settled === written.to ? customerOf(written) : ''
  return (
    <>
      <CustomerField
        value={{ email: written.to ?? '', name: written.name }}
        set={({ email: to, name }) => edit({ to, name })}
        chosen={({ email: to, name }) => edit({ to, name })}
        leave={leave}
        {...invalid('to')}
      />
      {isMail(written) && (
        <label className="field">
          <span>{t('cc')}</span>
          <input className="input" autoComplete="off" value={written.cc ?? ''} onChange={(event) => edit({ cc: event.target.value })} {...invalid('cc')} />
        </label>
      )}
      {email && <KnownCustomer key={email} email={email} mail={isMail(written)} known={(name) => !written.name && edit({ name })} />}
    </>
  )
}

/** A letter with formatting and pictures; what was said on the phone without. */
function Text({ written, edit, uploads, invalid }: PartProps & { uploads: ReturnType<typeof useUploads>; invalid: boolean }) {
  const { t } = useWords()
  const box = useRef<Box>(null)
  const mail = isMail(written)
  const sent = going(written, uploads.list)
  const links = asLinks(mail ? sent : [])
  const listed = { ...uploads, remove: (key: string) => (uploads.remove(key), box.current?.removePicture?.(key)) }
  return (
    <>
      <div className={`field ${css.text}`} id="new-text" tabIndex={-1} data-invalid={invalid || undefined} onFocus={(event) => event.target === event.currentTarget && box.current?.focus()}>
        <span aria-hidden="true">{t(mail ? 'your_letter' : 'what_was_said')}</span>
        <Writing
          key={written.channel}
          ticket={{ number: 'new', customer: { name: written.name, email: written.to ?? '' } }}
          kind={mail ? 'reply' : 'phone'}
          label={t(mail ? 'your_letter' : 'what_was_said')}
          placeholder={mail ? t('placeholder_first') : ''}
          box={box}
          draft={written}
          // Words that are changed without formatting have none any more.
          edit={(part) => edit(mail ? part : { ...part, html: undefined })}
          send={() => undefined}
          uploads={uploads}
          focused={false}
        />
      </div>
      <UploadList
        uploads={listed}
        shown={sent.filter((each) => !each.picture || !each.id)}
        remark={(file) => links.has(file.key) && <span className="badge accent" title={t('goes_as_link_why')}>{t('goes_as_link')}</span>}
      />
    </>
  )
}
