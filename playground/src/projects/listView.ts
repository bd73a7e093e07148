import type { ListQuery } from '@tidemark/core/entities'
import type { Project } from './texts.js'

/** What of the list of projects a device shows. */
export interface ListView {
  readonly page: number
  /** A stage; empty: all. */
  readonly stage: string
  readonly orderBy: 'name' | 'due' | '-budget'
}

export const firstView: ListView = { page: 1, stage: '', orderBy: 'name' }

export const orders: readonly { value: ListView['orderBy']; label: string }[] = [
  { value: 'name', label: 'Name' },
  { value: 'due', label: 'Due first' },
  { value: '-budget', label: 'Largest budget' },
]

/** The settings' size of a page. */
export const pageSize = (settings: Readonly<Record<string, unknown>>): number => {
  const { page_size: size } = settings
  return typeof size === 'number' && size >= 1 && size <= 100 ? Math.floor(size) : 20
}

export const listQuery = ({ page, stage, orderBy }: ListView, limit: number): ListQuery<Project> => ({
  page,
  limit,
  orderBy,
  ...(stage !== '' && { filters: { stage } }),
})

export const pagesOf = (total: number | undefined, limit: number): number =>
  Math.max(1, Math.ceil((total ?? 0) / limit))

export const allTasks = (projectId: string) =>
  ({ limit: 100, orderBy: 'title', filters: { project_id: projectId } }) as const

export const allEmployees = { limit: 100, orderBy: 'name' } as const
