/** The pages for operators: the documents of docs/. */
import { operatorPages } from './operator-pages.ts';

export default {
  paths: () => operatorPages().map(({ page, content }) => ({ params: { page }, content })),
};
