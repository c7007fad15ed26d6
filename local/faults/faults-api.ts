/** Serves the faults API under `/_local/faults`. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/request-body.ts';
import type { Control } from './control.ts';
import { isProblem, refused, type Problem } from './problem.ts';

const mount = '/_local/faults';
const maxBodyBytes = 1024 * 1024;

/** Undefined means an answer without a body. */
type Outcome = object | Problem | undefined;
type Perform = (input: unknown, rest: string) => Outcome | Promise<Outcome>;

/** Creates a handler of the API's requests; it returns false for all other requests. */
export function createFaultsApi(control: Control) {
  /** The operations by path below the mount point, then by method. */
  const operations: Record<string, Record<string, Perform>> = {
    '': {
      GET: () => control.describe(),
      POST: (input) => control.add(input),
      DELETE: () => control.clear(),
    },
    '/now': { POST: (input) => control.now(input) },
    '/scale': { POST: (input) => control.scale(input) },
    '/sweep': { POST: () => control.sweep() },
    '/days': { POST: (input) => control.days(input) },
  };
  const ruleOperations: Record<string, Perform> = { DELETE: (_input, id) => control.remove(id) };

  function serve(request: IncomingMessage, response: ServerResponse, path: string): void {
    const methods = operations[path] ?? ruleOperations;
    const perform = methods[request.method ?? ''];
    readBody(request, maxBodyBytes, (body) => {
      const allowed = Object.keys(methods).join(', ');
      if (perform === undefined) {
        response.setHeader('allow', allowed);
        return answer(response, refused(405, 'Method Not Allowed', `This path supports only ${allowed}.`));
      }
      if (body === undefined)
        return answer(response, refused(413, 'Content Too Large', 'The body is larger than 1 MB.'));
      const input = body.length === 0 ? { json: undefined } : parse(body);
      if (input === undefined)
        return answer(response, refused(400, 'Bad Request', 'The body is not valid JSON.'));
      Promise.resolve(perform(input.json, path.slice(1))).then(
        (outcome) => answer(response, outcome),
        (error: unknown) => answer(response, refused(500, 'Internal Server Error', String(error))),
      );
    });
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = (request.url ?? '').split('?')[0]!.replace(/\/$/, '');
    if (path !== mount && !path.startsWith(`${mount}/`)) return false;
    serve(request, response, path.slice(mount.length));
    return true;
  };
}

function parse(body: Buffer): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, outcome: Outcome): void {
  if (outcome === undefined) {
    response.writeHead(204).end();
    return;
  }
  const problem = isProblem(outcome);
  response.writeHead(problem ? outcome.status : 200, {
    'content-type': problem ? 'application/problem+json' : 'application/json',
  });
  response.end(JSON.stringify(problem ? { type: 'about:blank', ...outcome } : outcome));
}
