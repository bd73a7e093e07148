import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCommand } from './command.js'
import { readFolder } from './config.js'

let parent: string
let folder: string
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'tidemark-config-'))
  folder = path.join(parent, 'supabase')
  await mkdir(path.join(folder, 'seeds'), { recursive: true })
})
afterEach(() => rm(parent, { recursive: true }))

const write = (name: string, text: string) => writeFile(path.join(folder, name), text)

describe("an app's folder", () => {
  it('without a config.toml has the defaults of the local stack', async () => {
    expect(await readFolder(folder, {})).toEqual({
      name: path.basename(parent),
      databasePort: 54322,
      migrations: path.join(folder, 'migrations'),
      options: {
        auth: {},
        rest: {},
        storage: { buckets: {} },
        migrations: [path.join(folder, 'migrations')],
        seed: [],
      },
    })
  })

  it('says what it wants of each service, partly by the environment and its own .env', async () => {
    await write('.env', 'ANONYMOUS=true\nEXPIRY=1\n')
    await write(
      'config.toml',
      `project_id = "shop"
       [api]
       port = 5001
       schemas = ["public", "shop"]
       max_rows = 50
       [db]
       port = 5002
       [db.migrations]
       enabled = false
       [auth]
       jwt_expiry = "env(EXPIRY)"
       enable_signup = false
       enable_anonymous_sign_ins = "env(ANONYMOUS)"
       enable_manual_linking = true
       minimum_password_length = 8
       enable_refresh_token_rotation = false
       [auth.email]
       enable_confirmations = true
       [auth.mfa]
       max_enrolled_factors = 2
       [auth.mfa.totp]
       enroll_enabled = true
       [storage]
       file_size_limit = "10MiB"
       [storage.buckets.avatars]
       public = true
       file_size_limit = "1MB"
       allowed_mime_types = ["image/png"]`,
    )
    const { name, databasePort, options } = await readFolder(folder, { EXPIRY: '120' })
    expect({ name, databasePort }).toEqual({ name: 'shop', databasePort: 5002 })
    expect(options).toMatchObject({
      port: 5001,
      jwtExpiry: 120,
      migrations: [],
      rest: { schemas: ['public', 'shop'], maxRows: 50 },
      storage: {
        fileSizeLimit: 10_485_760,
        buckets: { avatars: { public: true, fileSizeLimit: 1_000_000, allowedMimeTypes: ['image/png'] } },
      },
      auth: {
        ...{ signUp: false, anonymous: true, minimumPasswordLength: 8, rotation: false, autoconfirm: false },
        ...{ totpEnroll: true, mostFactors: 2, manualLinking: true },
      },
    })
  })

  it('names its seeds by patterns, each file once', async () => {
    await Promise.all(['seed.sql', 'seeds/b.sql', 'seeds/a.sql'].map((name) => write(name, 'select 1')))
    expect((await readFolder(folder, {})).options.seed).toEqual([path.join(folder, 'seed.sql')])
    await write('config.toml', '[db.seed]\nsql_paths = ["./seeds/*.sql", "./seeds/a.sql", "./none.sql"]')
    const names = (await readFolder(folder, {})).options.seed?.map((file) => path.relative(folder, file))
    expect(names).toEqual([path.join('seeds', 'a.sql'), path.join('seeds', 'b.sql')])
    await write('config.toml', '[db.seed]\nenabled = false')
    expect((await readFolder(folder, {})).options.seed).toEqual([])
  })

  it('that is not there, or has what cannot be, is named with the place', async () => {
    const missing = readFolder(path.join(parent, 'elsewhere'), {})
    await expect(missing).rejects.toMatchObject({ code: 'folder-missing' })
    await write('config.toml', '[api]\nport = "many"')
    await expect(readFolder(folder, {})).rejects.toThrow('config.toml: api.port is not a number')
    await write('config.toml', 'auth = 5')
    await expect(readFolder(folder, {})).rejects.toThrow('config.toml: auth is not a section')
    await write('config.toml', '[api]\nport = = 1')
    await expect(readFolder(folder, {})).rejects.toThrow(/config\.toml:2:\d+: Invalid TOML/)
    await write('config.toml', '[auth]\nsigning_keys_path = "./none.json"')
    await expect(readFolder(folder, {})).rejects.toThrow('signing_keys_path')
  })
})

describe('the command line', () => {
  it('has a default for everything', () => {
    expect(readCommand([])).toEqual({
      directory: 'supabase',
      port: undefined,
      databaseUrl: undefined,
      reset: false,
      json: false,
      watch: true,
      help: false,
    })
  })

  it('reads its options, and refuses others', () => {
    const args = [
      '--dir',
      'app',
      '--port',
      '0',
      '--db-url',
      'postgres://x',
      '--reset',
      '--json',
      '--no-watch',
    ]
    expect(readCommand(args)).toMatchObject({
      directory: 'app',
      port: 0,
      databaseUrl: 'postgres://x',
      reset: true,
      json: true,
      watch: false,
    })
    expect(() => readCommand(['--prot', '1'])).toThrow(TypeError)
    expect(() => readCommand(['--port', 'x'])).toThrow('no number')
  })
})
