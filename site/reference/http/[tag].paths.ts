/** The pages of the HTTP reference. */
import { httpPage, httpTags } from '../openapi.ts';

export default {
  paths: () => httpTags().map((tag) => ({ params: { tag: tag.page }, content: httpPage(tag) })),
};
