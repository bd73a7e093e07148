/** What a server renders of `Lists.vue`, for the browser to take over. */
export const listsOnServer =
  '<!--[--><ul><!--[--><!--]--></ul>' +
  '<p data-testid="facts">unknown in all, first undefined, stopped, 0 pending, error none</p>' +
  '<button>color</button><button>invalid</button><!--]-->'
