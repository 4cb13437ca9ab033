import '../ui/theme.css'
import '../ui/mantine.css'
import '../ui/base.css'
import { MantineProvider, createTheme, localStorageColorSchemeManager } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../api/client'
import { Speaks } from '../i18n'
import options from '../ui/theme-options.json'
import { Toasts } from '../ui/toasts'
import { router } from './router'
import { loadWords } from './words'

const theme = createTheme(options as unknown as Parameters<typeof createTheme>[0])
const colours = localStorageColorSchemeManager({ key: 'otklik-theme' })

const mayHelp = (failures: number, error: unknown): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500)
const client = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: mayHelp } } })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} colorSchemeManager={colours} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <Speaks load={loadWords}>
          <RouterProvider router={router} />
          <Toasts />
        </Speaks>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
