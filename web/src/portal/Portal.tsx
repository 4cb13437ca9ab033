import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { onSignedOut } from '../api/client'
import { signOut, tickets } from '../api/portal'
import { Icon } from '../ui/Icon'
import { scheme, setScheme } from '../ui/theme'
import { NewTicket } from './NewTicket'
import { OwnTicket } from './OwnTicket'
import { Prove } from './Prove'
import { Tickets } from './Tickets'
import { Way, paths, placeOf, usePath } from './paths'
import { useWords } from './words'

/** Whoever has proven a mailbox sees the tickets of that mailbox; everybody else is asked for it. */
export function Portal() {
  const { t, explain } = useWords()
  const place = placeOf(usePath())
  const cache = useQueryClient()
  const [inside, setInside] = useState(true) // until the first answer says otherwise
  const own = useQuery({ queryKey: ['own'], queryFn: tickets, enabled: inside, retry: false, refetchInterval: 60_000 })
  useEffect(() => {
    onSignedOut.run = () => setInside(false)
  }, [])
  const leave = async (): Promise<void> => {
    await signOut().catch(() => undefined)
    cache.clear()
    setInside(false)
  }
  if (inside && own.isPending) return <Frame />
  if (inside && own.error && !own.data) {
    return (
      <Frame>
        <p className="notice bad" role="alert">{explain(own.error)}</p>
        <button className="btn" onClick={() => void own.refetch()}>{t('again')}</button>
      </Frame>
    )
  }
  if (!inside) {
    return (
      <Frame>
        <Prove onDone={() => (cache.clear(), setInside(true))} />
      </Frame>
    )
  }
  return (
    <Frame leave={() => void leave()}>
      {place.at === 'tickets' && <Tickets tickets={own.data?.tickets ?? []} />}
      {place.at === 'opening' && <NewTicket />}
      {place.at === 'ticket' && <OwnTicket key={place.number} number={place.number} />}
    </Frame>
  )
}

function Frame({ leave, children }: { leave?: () => void; children?: React.ReactNode }) {
  const { t, language, setLanguage } = useWords()
  const [colours, setColours] = useState(scheme)
  const other = language === 'ru' ? 'en' : 'ru'
  const turn = (): void => {
    const next = colours === 'dark' ? 'light' : 'dark'
    setScheme(next)
    setColours(next)
  }
  return (
    <>
      <header className="bar">
        <Way to={paths.tickets} className="brand">
          <img src="/icon.svg" width="24" height="24" alt="" />
          {t('support')}
        </Way>
        <span className="grow" />
        <button className="btn plain icon" aria-label={t(colours === 'dark' ? 'light_theme' : 'dark_theme')} onClick={turn}>
          <Icon name={colours === 'dark' ? 'sun' : 'moon'} />
        </button>
        <button className="btn plain" lang={other} onClick={() => setLanguage(other)}>
          {other === 'ru' ? 'Русский' : 'English'}
        </button>
        {leave && (
          <button className="btn plain" onClick={leave}>
            {t('sign_out')}
          </button>
        )}
      </header>
      <main className="page">{children}</main>
    </>
  )
}
