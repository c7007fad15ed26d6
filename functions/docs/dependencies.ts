/** Opens what the docs function reads from the table and from Secrets Manager, with the first request that needs it. */
import { edgeKeys } from '../../shared/lambda/edge-key.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { canaryResultStore } from '../../shared/storage/entities/canary-result.ts';
import { openTable } from '../../shared/storage/open-table.ts';

/** Returns the store of the canary's result. */
export const openResults = (tableName: string) => canaryResultStore(openTable(tableName));

/** Returns the check whether a request came through the edge. */
export const openEdgeKeys = (secretId: string) => edgeKeys(secretReader(secretId));
