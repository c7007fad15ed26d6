/** Selects the route of the WebSocket API for a message, by the API's route selection expression. */
import type { Route, WebSocketApiDefinition } from '../stack.ts';
import { isObject } from '../json-object.ts';

/** Returns the route for a message; undefined when no route matches and there is no `$default`. */
export type SelectRoute = (body: string) => Route | undefined;

/** Returns the keys `['a', 'b']` of `$request.body.a.b`; throws on an expression of another form. */
function bodyKeys(expression: string): string[] {
  const matched = /^(?:\$request\.body\.([\w.-]+)|\$\{request\.body\.([\w.-]+)\})$/.exec(expression);
  const path = matched?.[1] ?? matched?.[2];
  if (path === undefined) throw new Error(`The route selection expression is not supported: ${expression}`);
  return path.split('.');
}

function selectedKey(body: string, keys: string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // API Gateway sends a message that is not JSON to $default.
    return undefined;
  }
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** Compiles the route selection of an API; throws when its expression is not supported. */
export function compileRouteSelection(definition: WebSocketApiDefinition): SelectRoute {
  const keys = bodyKeys(definition.routeSelectionExpression);
  // A client must not reach $connect or $disconnect by naming them in a message.
  const custom = definition.routes.filter(({ routeKey }) => !routeKey.startsWith('$'));
  const byKey = new Map(custom.map((route) => [route.routeKey, route]));
  const fallback = definition.routes.find(({ routeKey }) => routeKey === '$default');
  if (byKey.size === 0) return () => fallback;
  return (body) => {
    const key = selectedKey(body, keys);
    return (key === undefined ? undefined : byKey.get(key)) ?? fallback;
  };
}
