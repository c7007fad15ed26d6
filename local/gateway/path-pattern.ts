/** Path patterns of a CloudFront behaviour: `*` for any characters, also none and slashes, `?` for exactly one. */

/** Compiles a pattern; a leading slash makes no difference, letter case does, the query is not looked at. */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^/?${source}$`, 's');
  return (path) => expression.test(path);
}
