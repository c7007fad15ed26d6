import { expect, it } from 'vitest';
import { erasureStepItem } from '../../../../shared/storage/entities/erasure-step.ts';
import { bob, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { openStream } from '../open-stream.ts';

const deleted = record({ after: erasureStepItem(bob.userId, start), sequenceNumber: 'erasure' });

it('leaves the erasure of a deleted account to the cleanup function', async () => {
  const { ports, handle } = await openStream();
  expect(await handle(deleted)).toEqual([]);
  expect(ports.enqueueCleanup.mock.calls).toEqual([[{ kind: 'erasure', userId: bob.userId, step: 0 }]]);
});

it('repeats the record of a deleted account when the cleanup function cannot be invoked', async () => {
  const { ports, handle } = await openStream();
  ports.enqueueCleanup.mockRejectedValueOnce(new Error('throttled'));
  expect(await handle(deleted)).toEqual(['erasure']);
});
