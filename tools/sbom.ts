/** `npm run sbom`: writes the bill of materials of the lock file and prints its path. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { billOfMaterials, type Project } from './bill-of-materials.ts';
import { readLockFile } from './lock-file.ts';

const file = 'build/sbom.cdx.json';

const { name, version, description, license } = JSON.parse(readFileSync('package.json', 'utf8')) as Project;
const document = billOfMaterials({ name, version, description, license }, readLockFile());
mkdirSync('build', { recursive: true });
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
process.stdout.write(`${file}\n`);
