/** Lambda entry of the HTTP operations under `/chat/`: rooms, members, messages, read markers, tickets. */
import { httpFunction } from '../../shared/lambda/http-function.ts';
import { dependencies } from './dependencies.ts';
import { handlers } from './handlers.ts';

const ports = dependencies();

export const handler = httpFunction('chat', handlers(ports), ports);
