/** Opens what the docs function reads from the table. It is loaded with the first request that needs it. */
import { canaryResultStore } from '../../shared/storage/entities/canary-result.ts';
import { openTable } from '../../shared/storage/open-table.ts';

/** Returns the store of the canary's result. */
export const openResults = (tableName: string) => canaryResultStore(openTable(tableName));
