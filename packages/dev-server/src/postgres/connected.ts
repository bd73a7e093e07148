import { Client } from 'pg'

/** Works on a connection of its own. Resolves with what the work resolves with. */
export async function connected<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url })
  // A connection that is lost is told by the query it was lost in.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
