import type { Reply, Request, Service } from '../context.js'

/** A service and the prefix below which it answers. */
export interface Route {
  readonly prefix: string
  readonly service: Service
}

/** Gives a request to the service of its prefix, which does not see the prefix. */
export function createRouter(routes: readonly Route[]): Service {
  return async (request) => {
    const { pathname } = request.url
    const route = routes.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`))
    if (!route) return notFound
    const url = new URL(request.url)
    url.pathname = pathname.slice(route.prefix.length) || '/'
    return route.service({ ...request, url } satisfies Request)
  }
}

const notFound: Reply = {
  status: 404,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ message: 'no Route matched with those values' }),
}
