import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Door } from './Door'
import { ListScreen } from './list/ListScreen'
import { readFilter } from './list/filter'

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
  component: lazyRouteComponent(() => import('./NewTicket'), 'NewTicket'),
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

export const router = createRouter({
  routeTree: root.addChildren([list, ticket, opening, outgoing, failed]),
  defaultPreload: false,
  scrollRestoration: false, // it would write inline scripts
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
