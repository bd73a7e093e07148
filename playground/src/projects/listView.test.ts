import { expect, test } from 'vitest'
import { firstView, listQuery, pageSize, pagesOf } from './listView.ts'

test('a page has the size of the settings, and twenty rows where they say nothing that could be', () => {
  expect(pageSize({ page_size: 50 })).toBe(50)
  for (const page_size of [undefined, '50', 0, -1, 101, Number.NaN]) expect(pageSize({ page_size })).toBe(20)
})

test('there is always a page, and the last need not be full', () => {
  expect([undefined, 0, 1, 20, 21].map((total) => pagesOf(total, 20))).toEqual([1, 1, 1, 1, 2])
})

test('a stage is a filter, and all stages are none', () => {
  expect(listQuery(firstView, 20)).toEqual({ page: 1, limit: 20, orderBy: 'name' })
  expect(listQuery({ ...firstView, page: 3, stage: 'done' }, 20)).toMatchObject({
    page: 3,
    filters: { stage: 'done' },
  })
})
