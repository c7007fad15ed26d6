/**
 * The objects of one bucket in a folder: each has a file with its body, and one with its key and metadata, which names the
 * first. An object is replaced in one step, by the renaming of the second file.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What S3 keeps with the body of an object. */
export interface ObjectDetails {
  /** The headers of its answers by their lowercase names, such as `content-type` and `x-amz-meta-author`. */
  headers: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectDetails {
  key: string;
  sizeBytes: number;
  /** The MD5 of the body in hexadecimal digits, in quotes. */
  etag: string;
  modifiedAtMs: number;
}

export interface ObjectFiles {
  put(key: string, body: Buffer, details: ObjectDetails): StoredObject;
  find(key: string): StoredObject | undefined;
  /** Returns the body of an object that exists. */
  read(key: string): Buffer;
  /** Changes what is kept with the body of an object that exists. */
  update(key: string, changes: Partial<Pick<StoredObject, 'tags' | 'modifiedAtMs'>>): void;
  /** Deletes an object; has no effect when there is none with that key. */
  delete(key: string): void;
  /** Returns all objects in the order of their keys, as bytes. */
  all(): StoredObject[];
}

interface Row extends StoredObject {
  /** The name of the file with the body. */
  bodyFile: string;
}

const metadataSuffix = '.json';

/** Opens a folder, and creates it if it does not exist. Bodies that a crash has left without metadata are removed. */
export function openObjectFiles(folder: string): ObjectFiles {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  const rows = new Map<string, Row>();
  for (const name of names.filter((one) => one.endsWith(metadataSuffix))) {
    const row: Row = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    rows.set(row.key, row);
  }
  const used = new Set([...rows.values()].flatMap((row) => [row.bodyFile, metadataFile(row.key)]));
  for (const name of names.filter((one) => !used.has(one))) rmSync(join(folder, name), { recursive: true });

  function save(row: Row): void {
    const file = join(folder, metadataFile(row.key));
    writeFileSync(`${file}.new`, JSON.stringify(row));
    renameSync(`${file}.new`, file);
    rows.set(row.key, row);
  }

  const existing = (key: string): Row => {
    const row = rows.get(key);
    if (row === undefined) throw new Error(`There is no object with the key ${key}`);
    return row;
  };
  const removeBody = ({ bodyFile }: Row): void => rmSync(join(folder, bodyFile), { force: true });

  return {
    put(key, body, details) {
      const previous = rows.get(key);
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      const bodyFile = `${randomUUID()}.body`;
      writeFileSync(join(folder, bodyFile), body);
      const row = { key, sizeBytes: body.length, etag, modifiedAtMs: Date.now(), ...details, bodyFile };
      save(row);
      if (previous !== undefined) removeBody(previous);
      return row;
    },
    find: (key) => rows.get(key),
    read: (key) => readFileSync(join(folder, existing(key).bodyFile)),
    update: (key, changes) => save({ ...existing(key), ...changes }),
    delete(key) {
      const row = rows.get(key);
      if (row === undefined) return;
      rows.delete(key);
      rmSync(join(folder, metadataFile(key)), { force: true });
      removeBody(row);
    },
    all: () => [...rows.values()].toSorted(({ key: one }, { key: other }) => compareKeys(one, other)),
  };
}

/** Compares two keys as S3 orders them, by their bytes. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Keys are longer than the names of files may be, and may contain any character. */
const metadataFile = (key: string): string => createHash('sha256').update(key).digest('hex') + metadataSuffix;
