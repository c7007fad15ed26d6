/** Every text of the page, in English. */
export const strings = {
  title: 'Serverless Chat',
} as const;
