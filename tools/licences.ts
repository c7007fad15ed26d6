/** Which licences what is installed may have. */
import type { LockedPackage } from './lock-file.ts';

/** They ask for no more than to be named. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Of tools as well, no part of which is in what is deployed: changed files would have to be published. */
const forTools = new Set([...permissive, 'MPL-2.0']);

/** Packages whose licence is none of those, or not known. */
export function unwelcomeLicences(packages: readonly LockedPackage[]): string[] {
  return packages
    .filter(({ licence, isDev }) => !isWelcome(licence, isDev ? forTools : permissive))
    .map(({ name, version, licence }) => `${name}@${version}: ${licence ?? 'no licence'}`);
}

/** Of an SPDX expression: one of those joined by OR, all of those joined by AND. Nested ones are not understood. */
function isWelcome(expression: string | undefined, welcome: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => welcome.has(licence)));
}
