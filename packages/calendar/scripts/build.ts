import vue from '@vitejs/plugin-vue'
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

/** Builds `dist`: what has no markup by tsc, the Svelte components by svelte-package, the Vue components by Vite, and the styles. */
const folder = path.join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const dist = path.join(folder, 'dist')

rmSync(dist, { recursive: true, force: true })
run('typescript', 'bin/tsc', '-p', 'tsconfig.build.json')
run(
  '@sveltejs/package',
  'svelte-package.js',
  ...['--input', 'src/svelte', '--output', 'dist/svelte', '--tsconfig', 'tsconfig.svelte.json'],
)
await buildVue()
run('vue-tsc', 'bin/vue-tsc.js', '-p', 'tsconfig.vue.json')
nameBuiltComponents(path.join(dist, 'vue'))
cpSync(path.join(folder, 'src/styles'), path.join(dist, 'styles'), {
  recursive: true,
  filter: (file) => !file.endsWith('.ts'),
})

/** One module of components, which imports the parts where they lie for both frameworks. */
async function buildVue(): Promise<void> {
  await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    plugins: [vue()],
    build: {
      outDir: 'dist/vue',
      minify: false,
      sourcemap: true,
      lib: { entry: 'src/vue/index.ts', formats: ['es'], fileName: 'index' },
      rollupOptions: { external: [/^\.\.\//, /^[\w@]/] },
    },
  })
}

/** The types of `X.vue` are in `X.vue.d.ts`, which TypeScript finds by the name `X.vue.js`. */
function nameBuiltComponents(built: string): void {
  for (const name of readdirSync(built).filter((file) => file.endsWith('.d.ts'))) {
    const file = path.join(built, name)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"])(\.\/\w+\.vue)\1/g, '$1$2.js$1'))
  }
}

function run(name: string, script: string, ...args: readonly string[]): void {
  const manifest = require.resolve(`${name}/package.json`)
  const { status } = spawnSync(process.execPath, [path.join(path.dirname(manifest), script), ...args], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
