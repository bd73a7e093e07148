/** A user of the demo database. */
export interface DemoUser {
  readonly name: string
  readonly email: string
}

export const ada: DemoUser = { name: 'Ada', email: 'ada@tidemark.dev' }
export const ben: DemoUser = { name: 'Ben', email: 'ben@tidemark.dev' }
export const people: readonly DemoUser[] = [ada, ben]

/** The demo users' password. It opens nothing but the embedded server on this machine. */
export const password = 'tidemark-demo'
