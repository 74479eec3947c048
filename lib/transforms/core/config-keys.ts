/** The option most transformations of struct fields share. */
export const replaceNullWithDefault = {
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc: 'Read a null field that has a default as the default.',
  },
} as const;
