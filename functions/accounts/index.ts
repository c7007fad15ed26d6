/** Lambda entry of the HTTP operations under `/users/`: registration, sign-in, tokens, profiles. */
import { httpFunction } from '../../shared/lambda/http-function.ts';
import { dependencies } from './dependencies.ts';
import { handlers } from './handlers.ts';

const ports = dependencies();

export const handler = httpFunction('accounts', handlers(ports), ports);
