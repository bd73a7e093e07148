import { createEntities, restFetcher } from '@tidemark/core/entities'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { useDraft, useEntityMutation } from '../src/entities.js'

const project = z.object({ id: z.string(), name: z.string(), budget: z.number().nullable() })
type Project = z.output<typeof project>
const fetcher = restFetcher({ url: '/api/v1' })
const entities = createEntities({ name: 'types', types: { project: { row: project } }, fetcher })

test('writes have the types of the entity', () => {
  const mutation = useEntityMutation(entities, 'project')
  expectTypeOf(mutation.createEntity({ name: 'Pier' })).toEqualTypeOf<Promise<Project | undefined>>()
  expectTypeOf(mutation.updateEntity('1', { budget: null })).toEqualTypeOf<Promise<Project | undefined>>()
  // @ts-expect-error a budget is a number
  void mutation.updateEntity('1', { budget: 'much' })
  // @ts-expect-error no such type of entity
  useEntityMutation(entities, 'invoice')
})

test('a draft sets a field to a value that it may have', () => {
  const edit = useDraft(entities, 'project', '1')
  edit.updateField('budget', 7)
  // @ts-expect-error a name is text
  edit.updateField('name', 7)
})
