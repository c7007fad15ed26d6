/** The pages of the client's reference. */
import { clientPages } from '../client-pages.ts';

export default {
  paths: () => clientPages().map(({ page, content }) => ({ params: { page }, content })),
};
