/** A rule is switched off only with a reason: `eslint-disable-next-line rule -- why`. */
export const reasonsRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: "Say why the rule is switched off: '… -- reason'." },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = /^\s*eslint-disable/.test(comment.value)
          if (directive && !/\s--\s+\S/.test(comment.value)) {
            context.report({ loc: comment.loc, messageId: 'missing' })
          }
        }
      },
    }
  },
}
