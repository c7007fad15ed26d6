/**
 * Makes a software bill of materials in CycloneDX from the lock file. It contains no time and nothing random, so that the
 * same lock file always gives the same document and two documents can be compared.
 */
import { createHash } from 'node:crypto';
import { dependenciesOf, lockedPackages, type LockedPackage, type LockFile } from './lock-file.ts';

export interface Project {
  name: string;
  version: string;
  description: string;
  license: string;
}

/** Returns a CycloneDX 1.6 document. */
export function billOfMaterials(project: Project, lock: LockFile): object {
  const packages = lockedPackages(lock);
  const refOf = new Map(packages.map((locked) => [locked.path, referenceOf(locked)]));
  const projectReference = `${project.name}@${project.version}`;
  const refs = (paths: string[]): string[] => [...new Set(paths.map((path) => refOf.get(path)!))].sort();
  const byReference = new Map<string, Set<string>>();
  for (const locked of packages) {
    const reference = referenceOf(locked);
    const known = byReference.get(reference) ?? new Set();
    byReference.set(reference, new Set([...known, ...refs(locked.dependencies)]));
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
        'bom-ref': projectReference,
        name: project.name,
        version: project.version,
        description: project.description,
        licenses: [{ license: { id: project.license } }],
        purl: packageUrl(project.name, project.version),
      },
    },
    components: uniqueByReference(packages).map(componentOf),
    dependencies: [
      { ref: projectReference, dependsOn: refs(dependenciesOf('', lock.packages)) },
      ...[...byReference].map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() })),
    ],
  };
}

const referenceOf = ({ name, version }: LockedPackage): string => `${name}@${version}`;

/**
 * Makes one component of a version that is installed in several places of the tree. It is a development dependency only if
 * it is one in all of them.
 */
function uniqueByReference(packages: LockedPackage[]): LockedPackage[] {
  const unique = new Map<string, LockedPackage>();
  for (const locked of packages) {
    const known = unique.get(referenceOf(locked));
    unique.set(referenceOf(locked), {
      ...locked,
      integrity: known?.integrity ?? locked.integrity,
      isDev: locked.isDev && (known?.isDev ?? true),
    });
  }
  return [...unique.values()];
}

function componentOf(locked: LockedPackage): object {
  const { name, version, license, integrity, isDev } = locked;
  return {
    type: 'library',
    'bom-ref': referenceOf(locked),
    name,
    version,
    // Development dependencies are listed too, since they take part in the build.
    scope: isDev ? 'excluded' : 'required',
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
    ...(license !== undefined && { licenses: [licenseOf(license)] }),
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

const licenseOf = (license: string): object =>
  / OR | AND /.test(license) ? { expression: license } : { license: { id: license } };

const packageUrl = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

/** Returns a name-based UUID (RFC 9562, version 8) of the text. */
function uuidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
