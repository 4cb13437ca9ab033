import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Door } from './Door'
import { ListScreen } from './list/ListScreen'
import { readFilter } from './list/filter'
import type { Asking } from './reports/ReportsScreen'
import { REPORTS as NAMES } from './reports/names'
import type { Looking } from './search/SearchScreen'

const root = createRootRoute({ component: Door, notFoundComponent: lazyRouteComponent(() => import('./NoSuchPage'), 'NoSuchPage') })

const list = createRoute({ getParentRoute: () => root, path: '/', component: ListScreen, validateSearch: readFilter })

const ticket = createRoute({
  getParentRoute: () => root,
  path: '/tickets/$number',
  component: lazyRouteComponent(() => import('./ticket/TicketScreen'), 'TicketScreen'),
})

const opening = createRoute({
  getParentRoute: () => root,
  path: '/new',
  component: lazyRouteComponent(() => import('./opening/NewTicket'), 'NewTicket'),
})

const outgoing = createRoute({
  getParentRoute: () => root,
  path: '/outbox',
  component: lazyRouteComponent(() => import('./Outbox'), 'Outbox'),
})
const failed = createRoute({
  getParentRoute: () => root,
  path: '/failed',
  component: lazyRouteComponent(() => import('./FailedMails'), 'FailedMails'),
})

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined)

const searching = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(() => import('./search/SearchScreen'), 'SearchScreen'),
  validateSearch: (search: Record<string, unknown>): Looking => ({ q: text(search.q), sort: text(search.sort) }),
})
const reporting = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  component: lazyRouteComponent(() => import('./reports/ReportsScreen'), 'ReportsScreen'),
  validateSearch: (search: Record<string, unknown>): Asking => ({
    report: NAMES.find((name) => name === search.report),
    from: text(search.from),
    to: text(search.to),
    queue: text(search.queue),
    by: search.by === 'queue' ? 'queue' : undefined,
  }),
})

export const router = createRouter({
  routeTree: root.addChildren([list, ticket, opening, outgoing, failed, searching, reporting]),
  defaultPreload: false,
  scrollRestoration: false, // it would write inline scripts
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
