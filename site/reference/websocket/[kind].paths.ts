/** The pages of the WebSocket reference. */
import { kinds, webSocketPage } from '../asyncapi.ts';

export default {
  paths: () => kinds.map((kind) => ({ params: { kind: kind.page }, content: webSocketPage(kind) })),
};
