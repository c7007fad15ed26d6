/**
 * Creates the HTTP methods from the routes. Requests are signed as the contract says, and repeated once after a 401.
 */
import type { OperationName } from '../contract/routes.ts';
import { ChatProblem } from '../problem.ts';
import type { Session } from '../session/session.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import { PagedList } from './paged-list.ts';
import type { RequestAnswer, SendRequest } from './request.ts';
import { routes, type Route } from '../contract/routes.ts';

type Args = Record<string, unknown>;

export function createOperations(request: SendRequest, session: Session): HttpOperations {
  const methods = (Object.entries(routes) as [OperationName, Route][]).map(([name, route]) => {
    const send = (args: Args, query?: Record<string, string>): Promise<RequestAnswer> =>
      sendSigned({ request, session, name, auth: route.auth }, args, query);
    const method = route.paged
      ? (args: Args = {}) =>
          new PagedList(async (query) => {
            const { body, next } = await send(args, query);
            // The pages of an export are single objects.
            return { items: Array.isArray(body) ? body : [body], next };
          })
      : async (args: Args = {}) => (await send(args)).body;
    return [name, method];
  });
  return Object.fromEntries(methods) as HttpOperations;
}

async function sendSigned(
  operation: { request: SendRequest; session: Session; name: OperationName; auth: Route['auth'] },
  args: Args,
  query: Record<string, string> | undefined,
): Promise<RequestAnswer> {
  const { request, session, name, auth } = operation;
  if (auth === 'none') return request(name, args, { query });
  // Rejects when another user signs in before the token is available.
  const token = auth === 'optional' ? await session.accessIfAny() : await session.access();
  try {
    return await request(name, args, { token, query });
  } catch (error) {
    const mayRenew = error instanceof ChatProblem && error.status === 401 && token !== undefined;
    if (!mayRenew) throw error;
    return request(name, args, { token: await session.renew(token), query });
  }
}
