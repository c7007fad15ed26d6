/** Path patterns of CloudFront: `*` matches any characters, including slashes; `?` matches exactly one. */

/** Compiles a pattern for paths without a query. It is case-sensitive; a leading slash is optional. */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^/?${source}$`, 's');
  return (path) => expression.test(path);
}
