import type { Preview } from '@storybook/html-vite'

type GlobalTypes = NonNullable<Preview['globalTypes']>
type Icon = NonNullable<Extract<GlobalTypes[string]['toolbar'], object>['icon']>

/** What the toolbar offers, and what it says when nothing was chosen. */
const choice = (
  title: string,
  icon: Icon,
  items: readonly (string | { value: string; title: string })[],
) => ({
  description: title,
  toolbar: { title, icon, items: [...items], dynamicTitle: true },
})

export const globalTypes: GlobalTypes = {
  framework: choice('Rendered by', 'component', ['svelte', 'vue']),
  theme: choice('Theme', 'mirror', ['light', 'dark']),
  direction: choice('Direction', 'transfer', [
    { value: 'auto', title: 'direction of the language' },
    { value: 'ltr', title: 'left to right' },
    { value: 'rtl', title: 'right to left' },
  ]),
  density: choice('Density', 'listunordered', ['comfortable', 'compact']),
  locale: choice('Language', 'globe', [
    { value: 'en-GB', title: 'English' },
    { value: 'de-DE', title: 'Deutsch' },
    { value: 'ar-EG', title: 'العربية' },
    { value: 'ja-JP', title: '日本語' },
  ]),
  motion: choice('Motion', 'lightning', [
    { value: 'full', title: 'full motion' },
    { value: 'reduced', title: 'reduced motion' },
  ]),
  clock: choice('Clock', 'time', [
    { value: '2026-03-11T09:30:00+01:00', title: 'a Wednesday morning' },
    { value: '2026-03-11T23:50:00+01:00', title: 'shortly before midnight' },
    { value: '2026-03-29T01:30:00+01:00', title: 'the night summer time begins' },
    { value: '2026-10-25T01:30:00+02:00', title: 'the night summer time ends' },
    { value: '2026-12-31T22:30:00+01:00', title: 'New Year’s Eve' },
  ]),
}

export const initialGlobals = {
  framework: import.meta.env.STORY_FRAMEWORK ?? 'svelte',
  theme: 'light',
  direction: 'auto',
  density: 'comfortable',
  locale: 'en-GB',
  motion: 'full',
  clock: '2026-03-11T09:30:00+01:00',
}
