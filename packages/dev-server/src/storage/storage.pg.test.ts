import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
  create policy "own folder: read" on storage.objects for select to authenticated
    using (bucket_id = 'files' and (storage.foldername(name))[1] = auth.uid()::text);
  create policy "own folder: write" on storage.objects for insert to authenticated
    with check (bucket_id = 'files' and (storage.foldername(name))[1] = auth.uid()::text);
  create policy "own folder: change" on storage.objects for update to authenticated
    using (owner = auth.uid()) with check ((storage.foldername(name))[1] = auth.uid()::text);
  create policy "own folder: delete" on storage.objects for delete to authenticated using (owner = auth.uid());
  create policy "drop box" on storage.objects for insert to anon with check (bucket_id = 'box');`

const [anna, ben] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema, {
    storage: {
      buckets: {
        files: {},
        box: {},
        avatars: { public: true, fileSizeLimit: 100, allowedMimeTypes: ['image/*'] },
      },
    },
  })
})
afterAll(() => server.stop())

const of = (user: string) => server.client({ user }).then(({ storage }) => storage.from('files'))
const service = () => server.client('service').then(({ storage }) => storage)
const textOf = async (blob: Blob | null) => (blob === null ? null : blob.text())
const codes = { duplicate: 'KeyAlreadyExists', denied: 'AccessDenied', missing: 'NoSuchKey' }

describe('objects', () => {
  test('go up as bytes, text or a form, and come down as they were, with their type', async () => {
    const files = await of(anna)
    const bytes = Uint8Array.from([0, 255, 10, 13])
    const up = await files.upload(`${anna}/a b.bin`, bytes, {
      contentType: 'application/x-own',
      cacheControl: '60',
    })
    expect(up.data).toMatchObject({
      path: `${anna}/a b.bin`,
      fullPath: `files/${anna}/a b.bin`,
      id: expect.any(String),
    })
    const down = (await files.download(`${anna}/a b.bin`)).data
    expect(down?.type).toBe('application/x-own')
    expect(new Uint8Array((await down?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes)
    const blob = new Blob(['grüße'], { type: 'text/plain' })
    await files.upload(`${anna}/form.txt`, blob, { metadata: { from: 'a form' } })
    expect(await textOf((await files.download(`${anna}/form.txt`)).data)).toBe('grüße')
    expect((await files.info(`${anna}/form.txt`)).data).toMatchObject({
      size: 7,
      contentType: 'text/plain',
      cacheControl: 'max-age=3600',
      metadata: { from: 'a form' },
    })
    expect((await files.exists(`${anna}/form.txt`)).data).toBe(true)
    expect((await files.exists(`${anna}/none.txt`)).data).toBe(false)
  })

  test('are not overwritten unless it is asked for', async () => {
    const files = await of(anna)
    await files.upload(`${anna}/once.txt`, 'first')
    expect((await files.upload(`${anna}/once.txt`, 'second')).error).toMatchObject({ code: codes.duplicate })
    expect(await textOf((await files.download(`${anna}/once.txt`)).data)).toBe('first')
    expect((await files.upload(`${anna}/once.txt`, 'third', { upsert: true })).error).toBeNull()
    expect((await files.update(`${anna}/once.txt`, 'fourth')).error).toBeNull()
    expect(await textOf((await files.download(`${anna}/once.txt`)).data)).toBe('fourth')
    expect((await files.update(`${anna}/never.txt`, 'x')).error).toMatchObject({ code: codes.missing })
  })

  test('are listed by folder, searched, sorted and paged', async () => {
    const files = await of(ben)
    for (const name of ['b.txt', 'a.txt', 'sub/c.txt', 'sub/d.txt'])
      await files.upload(`${ben}/${name}`, name)
    const names = async (...options: Parameters<typeof files.list>) =>
      (await files.list(...options)).data?.map(({ name, id }) => (id === null ? `${name}/` : name))
    expect(await names(ben)).toEqual(['a.txt', 'b.txt', 'sub/'])
    expect(await names(`${ben}/sub`, { sortBy: { column: 'name', order: 'desc' } })).toEqual([
      'd.txt',
      'c.txt',
    ])
    expect(await names(ben, { search: 'B' })).toEqual(['b.txt'])
    expect(await names(ben, { limit: 1, offset: 1 })).toEqual(['b.txt'])
    const first = await files.listV2({ prefix: `${ben}/`, with_delimiter: true, limit: 2 })
    expect(first.data).toMatchObject({
      hasNext: true,
      objects: [{ name: `${ben}/a.txt` }, { name: `${ben}/b.txt` }],
    })
    const cursor = first.data?.nextCursor ?? ''
    const next = await files.listV2({ prefix: `${ben}/`, with_delimiter: true, cursor })
    expect(next.data).toMatchObject({
      hasNext: false,
      folders: [{ name: `${ben}/sub/`, key: `${ben}/sub` }],
      objects: [],
    })
    const flat = await files.listV2({ prefix: `${ben}/sub` })
    expect(flat.data?.objects).toHaveLength(2)
    const strange = await files.listV2({ cursor: 'none' })
    expect(strange.error?.message).toBe('body/cursor is none that was given')
  })

  test('are paged in the order in which they came, either way', async () => {
    const files = await of(ben)
    const came = ['z', 'm', 'a', 'q', 'c'].map((name) => `${ben}/in order/${name}.txt`)
    for (const name of came) await files.upload(name, 'x')
    for (const order of ['asc', 'desc'] as const) {
      const listed: string[] = []
      for (let cursor: string | undefined, hasNext = true; hasNext;) {
        const sortBy = { column: 'created_at', order } as const
        const options = { prefix: `${ben}/in order/`, limit: 2, sortBy, ...(cursor && { cursor }) }
        const { data } = await files.listV2(options)
        listed.push(...(data?.objects ?? []).map(({ name }) => name))
        hasNext = data?.hasNext ?? false
        cursor = data?.nextCursor
      }
      expect(listed).toEqual(order === 'asc' ? came : came.toReversed())
    }
  })

  test('are not told of to whoever brings no key', async () => {
    const answer = await fetch(`${server.url}/storage/v1/bucket`)
    expect([answer.status, await answer.json()]).toMatchObject([400, { message: 'Invalid Compact JWS' }])
  })

  test('are moved, copied and removed', async () => {
    const files = await of(anna)
    await files.upload(`${anna}/one.txt`, 'one')
    expect((await files.copy(`${anna}/one.txt`, `${anna}/two.txt`)).data?.path).toBe(`files/${anna}/two.txt`)
    expect((await files.move(`${anna}/one.txt`, `${anna}/three.txt`)).error).toBeNull()
    expect((await files.move(`${anna}/one.txt`, `${anna}/four.txt`)).error).toMatchObject({
      code: codes.missing,
    })
    const removed = await files.remove([`${anna}/two.txt`, `${anna}/none.txt`])
    expect(removed.data?.map(({ name }) => name)).toEqual([`${anna}/two.txt`])
    expect(await textOf((await files.download(`${anna}/three.txt`)).data)).toBe('one')
    expect((await files.download(`${anna}/two.txt`)).error).toMatchObject({ status: 400 })
  })

  test('have names that never lead out of the directory', async () => {
    const files = await of(anna)
    for (const name of ['../../escape.txt', `${anna}/../../x`, 'a\\b', `${anna}/ü.txt`]) {
      expect((await files.upload(name, 'x')).error, name).not.toBeNull()
    }
    const raw = `${server.url}/storage/v1/object/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd`
    expect((await fetch(raw, { headers: { apikey: server.serviceRoleKey } })).status).toBe(400)
  })
})

describe('policies', () => {
  test('decide who reads, writes and removes', async () => {
    const [mine, theirs] = [await of(anna), await of(ben)]
    await mine.upload(`${anna}/private.txt`, 'mine')
    expect((await theirs.download(`${anna}/private.txt`)).error).not.toBeNull()
    expect((await theirs.list(anna)).data).toEqual([])
    expect((await theirs.upload(`${anna}/intruder.txt`, 'x')).error).toMatchObject({ code: codes.denied })
    expect((await theirs.remove([`${anna}/private.txt`])).data).toEqual([])
    expect((await theirs.createSignedUrl(`${anna}/private.txt`, 60)).error).toMatchObject({
      code: codes.missing,
    })
    expect(await textOf((await mine.download(`${anna}/private.txt`)).data)).toBe('mine')
    const all = (await service()).from('files')
    expect(await textOf((await all.download(`${anna}/private.txt`)).data)).toBe('mine')
  })

  test('let somebody drop what they may not read', async () => {
    const box = (await server.client()).storage.from('box')
    expect((await box.upload('letter.txt', 'hello')).error).toBeNull()
    expect((await box.list()).data).toEqual([])
    const raw = await fetch(`${server.url}/storage/v1/object/list/box`, {
      method: 'POST',
      headers: { Authorization: 'Bearer nonsense' },
      body: '{}',
    })
    expect(await raw.json()).toMatchObject({ statusCode: '403', error: 'Unauthorized' })
  })
})

describe('addresses', () => {
  const get = async (url: string | undefined) => {
    const answer = await fetch(url ?? '')
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }

  test('of public buckets are open to everybody, also under another name to save', async () => {
    const avatars = (await service()).from('avatars')
    await avatars.upload('me.png', new Blob(['png'], { type: 'image/png' }))
    const { publicUrl } = avatars.getPublicUrl('me.png', { download: 'you.png' }).data
    const { status, text, headers } = await get(publicUrl)
    expect([status, text, headers.get('content-type')]).toEqual([200, 'png', 'image/png'])
    expect(headers.get('content-disposition')).toContain('filename=you.png')
    const again = await fetch(publicUrl, { headers: { 'If-None-Match': headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    const files = (await service()).from('files')
    expect((await get(files.getPublicUrl(`${anna}/private.txt`).data.publicUrl)).status).toBe(400)
  })

  test('that are signed read one object, for as long as it was said', async () => {
    const files = await of(anna)
    await files.upload(`${anna}/signed file.txt`, 'signed')
    const { data } = await files.createSignedUrl(`${anna}/signed file.txt`, 60)
    expect((await get(data?.signedUrl)).text).toBe('signed')
    expect((await get(data?.signedUrl.replace('signed%20file', 'private'))).status).toBe(400)
    server.clock.advance(61_000)
    expect((await get(data?.signedUrl)).text).toContain('InvalidJWT')
    server.clock.reset()
    const many = await files.createSignedUrls([`${anna}/signed file.txt`, `${anna}/none.txt`], 60)
    expect((await get(many.data?.[0]?.signedUrl ?? undefined)).text).toBe('signed')
    expect(many.data?.[1]).toMatchObject({
      signedUrl: null,
      error: expect.stringContaining('does not exist'),
    })
  })

  test('to upload to are given by who may, and take one object', async () => {
    const files = await of(anna)
    const { data } = await files.createSignedUploadUrl(`${anna}/later.txt`)
    const anybody = (await server.client()).storage.from('files')
    const token = data?.token ?? ''
    expect((await anybody.uploadToSignedUrl(`${anna}/other.txt`, token, 'x')).error).toMatchObject({
      code: 'InvalidJWT',
    })
    expect((await anybody.uploadToSignedUrl(`${anna}/later.txt`, token, 'by a link')).error).toBeNull()
    expect(await textOf((await files.download(`${anna}/later.txt`)).data)).toBe('by a link')
    expect((await (await of(ben)).createSignedUploadUrl(`${anna}/x.txt`)).error).toMatchObject({
      code: codes.denied,
    })
  })
})

describe('buckets', () => {
  const bucketsOf = (client: Client) => client.storage

  test('are made, shown, changed, emptied and deleted by the service', async () => {
    const storage = await service()
    expect((await storage.createBucket('docs', { public: false, fileSizeLimit: '1KB' })).data).toEqual({
      name: 'docs',
    })
    expect((await storage.createBucket('docs', { public: false })).error).toMatchObject({
      code: codes.duplicate,
    })
    expect((await storage.getBucket('docs')).data).toMatchObject({ public: false, file_size_limit: 1_000 })
    await storage.updateBucket('docs', { public: true, allowedMimeTypes: ['text/plain'] })
    expect((await storage.listBuckets()).data).toContainEqual(
      expect.objectContaining({
        id: 'docs',
        public: true,
        allowed_mime_types: ['text/plain'],
        file_size_limit: 1_000,
      }),
    )
    await storage.from('docs').upload('a.txt', 'a', { contentType: 'text/plain' })
    expect((await storage.deleteBucket('docs')).error?.message).toContain('not empty')
    expect((await storage.emptyBucket('docs')).error).toBeNull()
    expect((await storage.deleteBucket('docs')).error).toBeNull()
    expect((await storage.getBucket('docs')).error).toMatchObject({ code: 'NoSuchBucket' })
  })

  test('are nobody else’s to see or make without a policy', async () => {
    const storage = bucketsOf(await server.client({ user: anna }))
    expect((await storage.listBuckets()).data).toEqual([])
    expect((await storage.createBucket('mine')).error).toMatchObject({ code: codes.denied })
  })

  test('take no larger file and no other type than they say', async () => {
    const avatars = (await service()).from('avatars')
    const large = await avatars.upload('l.png', 'x'.repeat(101), { contentType: 'image/png' })
    expect(large.error).toMatchObject({ code: 'EntityTooLarge' })
    const strange = await avatars.upload('s.txt', 'x', { contentType: 'text/plain' })
    expect(strange.error).toMatchObject({
      code: 'InvalidMimeType',
      message: 'mime type text/plain is not supported',
    })
    const nowhere = await (await service()).from('nowhere').upload('x.txt', 'x')
    expect(nowhere.error).toMatchObject({ code: 'NoSuchBucket' })
  })
})
