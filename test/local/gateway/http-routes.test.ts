import { describe, expect, it } from 'vitest';
import { compileRoutes } from '../../../local/gateway/http-routes.ts';

function matching(routeKeys: string[]): (method: string, path: string) => string | undefined {
  const match = compileRoutes(routeKeys.map((routeKey) => ({ routeKey, functionId: routeKey })));
  return (method, path) => match(method, path.slice(1).split('/'))?.route.routeKey;
}

describe('the route of an HTTP request', () => {
  // Declared from the least to the most specific, so that the order of declaration cannot decide.
  const match = matching([
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'ANY /pets/dog/{id}',
    'GET /pets/dog/{id}',
    'GET /pets/{kind}/toys',
    'GET /pets/dog/1',
    'GET /',
  ]);

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', 'the exact path'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', 'a parameter, and the method takes precedence over ANY'],
    ['PUT', '/pets/dog/2', 'ANY /pets/dog/{id}', 'ANY, because the method has no route of its own'],
    ['PUT', '/pets/dog/1', 'ANY /pets/dog/{id}', 'the next path, because the exact one has another method'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', 'a greedy parameter'],
    ['GET', '/pets/cat/toys', 'GET /pets/{kind}/toys', 'a parameter takes precedence over a greedy one'],
    ['POST', '/test/5', 'ANY /{proxy+}', 'the least specific path'],
    ['GET', '/', 'GET /', 'the root'],
    ['POST', '/', '$default', '$default, because {proxy+} needs a character'],
  ])('for %s %s is %s (%s)', (method, path, expected) => {
    expect(match(method, path)).toBe(expected);
  });

  it.each([
    ['GET /a/b', '/a/b/'],
    ['GET /a/{id}', '/a/'],
    ['GET /a/{id}', '/a/b/'],
    ['ANY /users/{proxy+}', '/users/'],
    ['ANY /users/{proxy+}', '/users'],
    ['GET /a', '/A'],
    ['GET /a', '/a/b'],
    ['GET /a/b', '/a'],
  ])('is not %s for %s', (routeKey, path) => {
    expect(matching([routeKey])('GET', path)).toBeUndefined();
  });

  it('includes a trailing slash in the greedy parameter', () => {
    const match = compileRoutes([{ routeKey: 'ANY /users/{proxy+}', functionId: 'users' }]);
    expect(match('GET', ['users', 'auth', ''])?.pathParameters).toEqual({ proxy: 'auth/' });
  });

  it('must have a known form of route key, otherwise compileRoutes throws', () => {
    expect(() => matching(['/a/b'])).toThrow('/a/b');
  });
});
