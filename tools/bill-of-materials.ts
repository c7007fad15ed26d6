/**
 * From the lock file to a software bill of materials in CycloneDX, the same for the same lock file: neither a time nor
 * chance is in it, so that two of them can be compared.
 */
import { createHash } from 'node:crypto';
import { dependenciesOf, lockedPackages, type LockedPackage, type LockFile } from './lock-file.ts';

export interface Project {
  name: string;
  version: string;
  description: string;
  license: string;
}

/** A CycloneDX 1.6 document. */
export function billOfMaterials(project: Project, lock: LockFile): object {
  const packages = lockedPackages(lock);
  const refOf = new Map(packages.map((one) => [one.path, referenceOf(one)]));
  const own = `${project.name}@${project.version}`;
  const refs = (paths: string[]): string[] => [...new Set(paths.map((path) => refOf.get(path)!))].sort();
  const byReference = new Map<string, Set<string>>();
  for (const one of packages) {
    const reference = referenceOf(one);
    const known = byReference.get(reference) ?? new Set();
    byReference.set(reference, new Set([...known, ...refs(one.dependencies)]));
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([project, lock]))}`,
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        type: 'application',
        'bom-ref': own,
        name: project.name,
        version: project.version,
        description: project.description,
        licenses: [{ license: { id: project.license } }],
        purl: packageUrl(project.name, project.version),
      },
    },
    components: uniqueByReference(packages).map(componentOf),
    dependencies: [
      { ref: own, dependsOn: refs(dependenciesOf('', lock.packages)) },
      ...[...byReference].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })),
    ],
  };
}

const referenceOf = ({ name, version }: LockedPackage): string => `${name}@${version}`;

/** The same version in two places of the tree is one component; what one of them ships, it ships. */
function uniqueByReference(packages: LockedPackage[]): LockedPackage[] {
  const unique = new Map<string, LockedPackage>();
  for (const one of packages) {
    const known = unique.get(referenceOf(one));
    unique.set(referenceOf(one), {
      ...one,
      integrity: known?.integrity ?? one.integrity,
      isDev: one.isDev && (known?.isDev ?? true),
    });
  }
  return [...unique.values()];
}

function componentOf(one: LockedPackage): object {
  const { name, version, licence, integrity, isDev } = one;
  return {
    type: 'library',
    'bom-ref': referenceOf(one),
    name,
    version,
    // What is not there when the project runs is in the list all the same: it had its hands on what was built.
    scope: isDev ? 'excluded' : 'required',
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
    ...(licence !== undefined && { licenses: [licenceOf(licence)] }),
    purl: packageUrl(name, version),
  };
}

function hashOf(integrity: string): object {
  const [algorithm = '', digest = ''] = integrity.split('-', 2);
  return {
    alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
    content: Buffer.from(digest, 'base64').toString('hex'),
  };
}

const licenceOf = (licence: string): object =>
  / OR | AND /.test(licence) ? { expression: licence } : { license: { id: licence } };

const packageUrl = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

/** A name-based UUID (RFC 9562, version 8) of the text. */
function uuidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
