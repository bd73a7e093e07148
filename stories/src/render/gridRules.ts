/**
 * What axe holds against FullCalendar, which names heads and days by `aria-label`: a head's text is hidden, and a day holds more
 * than its name.
 */
export const gridRules = {
  config: {
    rules: [
      { id: 'empty-table-header', enabled: false },
      { id: 'label-content-name-mismatch', selector: ':not([role="gridcell"])' },
    ],
  },
}
