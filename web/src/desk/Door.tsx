import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { createContext, useContext, useEffect, useRef } from 'react'
import { ApiError, forget, onSignedOut } from '../api/client'
import { whoAmI } from '../api/desk'
import type { Me } from '../api/types'
import { remembered } from '../i18n'
import { forgetOthers } from './opening/kept'
import { Shell } from './Shell'
import { SignIn } from './SignIn'
import { useWords } from './words'

const Agent = createContext<Me | null>(null)

/** Who is signed in; only below the door. */
export function useMe(): Me {
  const me = useContext(Agent)
  if (!me) throw new Error('useMe outside of the door')
  return me
}

/** Nobody gets past it without a session; a session that ends on the way brings the sign-in up again. */
export function Door() {
  const cache = useQueryClient()
  const { explain } = useWords()
  const session = useQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: 60_000, retry: false })
  useEffect(() => {
    onSignedOut.run = () => {
      if (cache.getQueryData(['me'])) cache.setQueryData(['me'], null)
    }
  }, [cache])
  useTheirLanguage(session.data)
  if (session.isPending) return null
  if (session.data) {
    return (
      <Agent.Provider value={session.data}>
        <Shell>
          <Outlet />
        </Shell>
      </Agent.Provider>
    )
  }
  const failure = session.error instanceof ApiError && session.error.status === 401 ? null : session.error && explain(session.error)
  return <SignIn failure={failure} onDone={(me) => enter(cache, me)} />
}

/** From now on it is `me` (null: nobody) who looks: nothing that somebody else was shown stays. */
export function enter(cache: QueryClient, me: Me | null): void {
  forget()
  forgetOthers(me?.login ?? null)
  cache.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
  cache.setQueryData(['me'], me)
}

/** The agent's setting, unless another language was chosen on this machine. */
function useTheirLanguage(me: Me | null | undefined): void {
  const { setLanguage, language } = useWords()
  const applied = useRef(false)
  useEffect(() => {
    if (!me || applied.current) return
    applied.current = true
    if (!remembered() && me.language !== language && (me.language === 'en' || me.language === 'ru')) setLanguage(me.language)
  }, [me, language, setLanguage])
}
