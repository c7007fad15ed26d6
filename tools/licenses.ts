/** The licenses that installed packages may have. */
import type { LockedPackage } from './lock-file.ts';

/** Licenses that require no more than attribution. */
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

/**
 * Development tools may also have a license that requires publishing changed files or word lists, since they are not
 * deployed, and the permissive ones of parsers and icons.
 */
const allowedForTools = new Set([
  ...permissive,
  'CC BY-SA 4.0',
  'CC0-1.0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'WTFPL',
]);

/**
 * The builds of the image library, of which a part is under the LGPL: it may be used unchanged, in files of its own that can
 * be replaced, with its license (docs/decisions/0029-image-library.md). Only the WebAssembly build is deployed.
 */
const imageLibrary = /^@img\/sharp-(wasm32|win32-\w+|libvips-[\w-]+)$/;

const allowedForImageLibrary = new Set([...permissive, 'LGPL-3.0-or-later']);

/** Returns the packages whose license is not allowed or not known, one line each. */
export function disallowedLicenses(packages: readonly LockedPackage[]): string[] {
  return packages
    .filter(({ name, license, isDev }) => !isAllowed(license, allowedFor(name, isDev)))
    .map(({ name, version, license }) => `${name}@${version}: ${license ?? 'no license'}`);
}

function allowedFor(name: string, isDev: boolean): ReadonlySet<string> {
  if (imageLibrary.test(name)) return allowedForImageLibrary;
  return isDev ? allowedForTools : permissive;
}

/** Evaluates an SPDX expression with OR and AND, but without nested parentheses. */
function isAllowed(expression: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((license) => allowed.has(license)));
}
