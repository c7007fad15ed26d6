/** Calculates the capacity units of one request from the database's answer. */

interface ConsumedCapacity {
  CapacityUnits?: number;
  Table?: { CapacityUnits?: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

interface Answer {
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
}

export interface Units {
  readUnits?: number;
  writeUnits?: number;
}

/** `output` is undefined for a request that failed. */
export function unitsOf(name: string, input: object, output: unknown): Units {
  const units = output === undefined ? unitsOfFailure(name, input) : consumed(output as Answer);
  return isRead(name) ? { readUnits: units } : { writeUnits: units };
}

function isRead(name: string): boolean {
  return /Get|Query|Scan/.test(name);
}

/** Returns the units of the table and its indexes, whether or not the total of the answer includes the indexes. */
function consumed({ ConsumedCapacity = [] }: Answer): number {
  return [ConsumedCapacity].flat().reduce((sum, one) => {
    const indexes = Object.values(one.GlobalSecondaryIndexes ?? {});
    const parts = [one.Table, ...indexes].reduce((units, part) => units + (part?.CapacityUnits ?? 0), 0);
    return sum + Math.max(parts, one.CapacityUnits ?? 0);
  }, 0);
}

/**
 * A write whose condition fails is charged too, and the error does not say how much. One unit is assumed, as for
 * items up to 1 KB, and in a transaction two for each item.
 */
function unitsOfFailure(name: string, input: object): number {
  if (isRead(name)) return 0;
  const { TransactItems } = input as { TransactItems?: unknown[] };
  return TransactItems === undefined ? 1 : 2 * TransactItems.length;
}
