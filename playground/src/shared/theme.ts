export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'tidemark-playground:theme'

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key)
  return themes.find((theme) => theme === stored) ?? 'system'
}

/** Applies a theme to the page and remembers it; `system` follows the device, also when it changes. */
export function applyTheme(theme: Theme): () => void {
  localStorage.setItem(key, theme)
  const system = matchMedia('(prefers-color-scheme: dark)')
  const { dataset } = document.documentElement
  const apply = (): void => {
    dataset.theme = theme === 'dark' || (theme === 'system' && system.matches) ? 'dark' : 'light'
    // What FullCalendar calls it.
    dataset.colorScheme = dataset.theme
  }
  apply()
  system.addEventListener('change', apply)
  return () => system.removeEventListener('change', apply)
}
