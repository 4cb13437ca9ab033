import '../ui/base.css'
import './portal.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../api/client'
import { Speaks } from '../i18n'
import { Portal } from './Portal'
import { loadWords } from './words'

const mayHelp = (failures: number, error: unknown): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500)
const client = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: mayHelp } } })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Speaks load={loadWords}>
        <Portal />
      </Speaks>
    </QueryClientProvider>
  </StrictMode>,
)
