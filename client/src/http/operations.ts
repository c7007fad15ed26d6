/**
 * Creates the HTTP methods from the routes. Requests are signed as the contract says, and repeated once after a 401.
 */
import { ChatProblem } from '../problem.ts';
import type { Session } from '../session/session.ts';
import { PagedList } from './paged-list.ts';
import type { RequestAnswer, SendRequest } from './request.ts';
import type { Route } from '../contract/routes.ts';

type Args = Record<string, unknown>;

export function createOperations<Operations>(
  routes: Record<keyof Operations & string, Route>,
  { request, session }: { request: SendRequest; session: Session },
): Operations {
  const methods = Object.entries<Route>(routes).map(([name, route]) => {
    const send = (args: Args, query?: Record<string, string>): Promise<RequestAnswer> =>
      sendSigned({ request, session, route }, args, query);
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
  return Object.fromEntries(methods) as Operations;
}

async function sendSigned(
  operation: { request: SendRequest; session: Session; route: Route },
  args: Args,
  query: Record<string, string> | undefined,
): Promise<RequestAnswer> {
  const { request, session, route } = operation;
  if (route.auth === 'none') return request(route, args, { query });
  // Rejects when another user signs in before the token is available.
  const token = route.auth === 'optional' ? await session.accessIfAny() : await session.access();
  try {
    return await request(route, args, { token, query });
  } catch (error) {
    const mayRenew = error instanceof ChatProblem && error.status === 401 && token !== undefined;
    if (!mayRenew) throw error;
    return request(route, args, { token: await session.renew(token), query });
  }
}
