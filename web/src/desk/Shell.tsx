import { useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { signOut } from '../api/desk'
import { Dropdown } from '../ui/Dropdown'
import { Icon } from '../ui/Icon'
import { useHotkeys } from '../ui/hotkeys'
import { enter, useMe } from './Door'
import { KeysHelp } from './KeysHelp'
import { Queues } from './Queues'
import css from './shell.module.css'
import { useWords } from './words'

const SecondFactor = lazy(() => import('./SecondFactor').then((file) => ({ default: file.SecondFactor })))

/** The frame of every screen: bar, queues, and the place for the screen itself. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const go = useNavigate()
  const [help, setHelp] = useState(false)
  const [factor, setFactor] = useState(false)
  const [queues, setQueues] = useState(false) // phones show one pane at a time
  const place = useRouterState({ select: (state) => state.location.href })
  useEffect(() => setQueues(false), [place])
  useHotkeys({ '?': () => setHelp(true), c: () => void go({ to: '/new' }), s: () => void go({ to: '/search' }) })
  return (
    <div className={css.shell} data-pane={queues ? 'queues' : 'main'}>
      <a className="btn skip" href="#main">
        {t('skip_to_content')}
      </a>
      <Bar queues={queues} toggle={() => setQueues(!queues)} help={() => setHelp(true)} factor={() => setFactor(true)} />
      <nav className={css.nav} aria-label={t('queues')}>
        <Queues />
      </nav>
      <main className={css.main} id="main" tabIndex={-1}>
        {children}
      </main>
      {factor && (
        <Suspense>
          <SecondFactor close={() => setFactor(false)} />
        </Suspense>
      )}
      <KeysHelp opened={help} close={() => setHelp(false)} />
    </div>
  )
}

interface BarProps {
  queues: boolean
  toggle: () => void
  help: () => void
  factor: () => void
}

function Bar({ queues, toggle, help, factor }: BarProps) {
  const { t } = useWords()
  return (
    <header className={css.bar}>
      <button className={`btn plain icon ${css.toggle}`} aria-label={t('queues')} aria-expanded={queues} onClick={toggle}>
        <Icon name={queues ? 'close' : 'menu'} />
      </button>
      <Link to="/" className={css.home}>
        <Brand />
      </Link>
      <span className="grow" />
      <Link to="/new" className="btn primary">
        <Icon name="plus" />
        {t('new_ticket')}
      </Link>
      <You help={help} factor={factor} />
    </header>
  )
}

export function Brand() {
  return (
    <span className={css.brand}>
      <img src="/icon.svg" width="22" height="22" alt="" />
      Otklik
    </span>
  )
}

function You({ help, factor }: { help: () => void; factor: () => void }) {
  const me = useMe()
  const cache = useQueryClient()
  const { t, language, setLanguage } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const dark = colorScheme === 'dark' || document.documentElement.dataset.mantineColorScheme === 'dark'
  const leave = async (): Promise<void> => {
    await signOut().catch(() => undefined)
    enter(cache, null)
  }
  return (
    <Dropdown label={t('your_menu', { name: me.name })} shown={<><Icon name="person" /><span className={css.name}>{me.name}</span></>}>
      <button className="btn plain" lang={language === 'ru' ? 'en' : 'ru'} onClick={() => setLanguage(language === 'ru' ? 'en' : 'ru')}>
        <Icon name="globe" />
        {language === 'ru' ? 'English' : 'Русский'}
      </button>
      <button className="btn plain" onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        <Icon name={dark ? 'sun' : 'moon'} />
        {t(dark ? 'light_theme' : 'dark_theme')}
      </button>
      <button className="btn plain" onClick={help}>
        <Icon name="keys" />
        {t('keys')}
        <kbd>?</kbd>
      </button>
      <button className="btn plain" onClick={factor}>
        <Icon name="lock" />
        {t('second_factor')}
      </button>
      <hr />
      <button className="btn plain" onClick={() => void leave()}>
        <Icon name="back" />
        {t('sign_out')}
      </button>
    </Dropdown>
  )
}

export function LanguageSwitch() {
  const { language, setLanguage } = useWords()
  const other = language === 'ru' ? 'en' : 'ru'
  return (
    <button className="btn plain tiny" lang={other} onClick={() => setLanguage(other)}>
      <Icon name="globe" />
      {other === 'ru' ? 'Русский' : 'English'}
    </button>
  )
}
