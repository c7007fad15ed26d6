import { describe, expect, it } from 'vitest';
import { unitsOf } from './units.ts';

describe('the units of a request', () => {
  it('are read units for reads and write units for writes', () => {
    const output = { ConsumedCapacity: { CapacityUnits: 2, Table: { CapacityUnits: 2 } } };
    expect(unitsOf('Query', {}, output)).toEqual({ readUnits: 2 });
    expect(unitsOf('BatchGet', {}, { ConsumedCapacity: [output.ConsumedCapacity] })).toEqual({
      readUnits: 2,
    });
    expect(unitsOf('Update', {}, output)).toEqual({ writeUnits: 2 });
  });

  it('include those of the indexes, whether or not the total does', () => {
    const parts = { Table: { CapacityUnits: 1 }, GlobalSecondaryIndexes: { index: { CapacityUnits: 2 } } };
    for (const CapacityUnits of [1, 3]) {
      expect(unitsOf('Put', {}, { ConsumedCapacity: { CapacityUnits, ...parts } })).toEqual({
        writeUnits: 3,
      });
    }
  });

  it('are summed over all tables of a transaction', () => {
    const one = { CapacityUnits: 2, Table: { CapacityUnits: 2 } };
    expect(unitsOf('TransactWrite', {}, { ConsumedCapacity: [one, one] })).toEqual({ writeUnits: 4 });
  });

  it('are charged for a write whose condition failed, and not for a failed read', () => {
    expect(unitsOf('Put', {}, undefined)).toEqual({ writeUnits: 1 });
    expect(unitsOf('TransactWrite', { TransactItems: [{}, {}] }, undefined)).toEqual({ writeUnits: 4 });
    expect(unitsOf('Get', {}, undefined)).toEqual({ readUnits: 0 });
  });
});
