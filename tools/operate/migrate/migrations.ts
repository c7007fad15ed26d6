/**
 * All migrations, oldest first. A migration stays in the list, so that a stage that skips releases gets all of them.
 * docs/operations.md says how to add one.
 */
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [];
