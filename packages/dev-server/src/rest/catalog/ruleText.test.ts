import { describe, expect, it } from 'vitest'
import { originsIn } from './ruleText.js'

const entry = (resno: number, expression: string, table: number, column: number, name = 'c') =>
  `{TARGETENTRY :expr ${expression} :resno ${String(resno)} :resname ${name} :ressortgroupref 0 :resorigtbl ${String(table)} :resorigcol ${String(column)} :resjunk false}`
const query = (targets: string, rest = '') =>
  `({QUERY :commandType 1 :rtable ({RANGETBLENTRY :alias <> :eref {ALIAS :aliasname a :colnames ("id" "b\\ c")}}) ${rest}:targetList (${targets}) :returningList <>})`

describe('the definition of a view', () => {
  it('tells where each column comes from, and nothing of those that are computed', () => {
    const text = query(
      [
        entry(1, '{VAR :varno 1 :varattno 1}', 16390, 1),
        entry(2, '{CONST :constvalue 4 [ 1 0 0 0 ]}', 0, 0),
        entry(3, '{FUNCEXPR :args ({VAR :varno 1})}', 0, 0),
        entry(4, '{VAR :varno 2}', 16400, 7, 'a\\ \\(name\\)'),
      ].join(' '),
    )
    expect(originsIn(text)).toEqual([
      { place: 1, table: 16390, column: 1 },
      { place: 4, table: 16400, column: 7 },
    ])
  })

  it('is that of the outermost query, whatever queries are inside', () => {
    const inner = query(entry(1, '<>', 11, 1)).slice(1, -1)
    const text = query(entry(1, `{SUBLINK :subselect ${inner}}`, 22, 2), `:cteList (${inner}) `)
    expect(originsIn(text)).toEqual([{ place: 1, table: 22, column: 2 }])
  })

  it('of another form tells nothing', () => {
    for (const text of ['', '<>', '({QUERY :targetList <>})', '({QUERY :targetList (']) {
      expect(originsIn(text), text).toEqual([])
    }
  })
})
