/** Rows for the health of the API and of its promises. */
import * as z from 'zod';
import { operation } from './operation.ts';

const count = z.int().nonnegative();
const milliseconds = z.int().nonnegative().nullable();

const PromisesHealth = z
  .object({
    status: z.enum(['ok', 'failing', 'unknown']),
    last_check: z
      .object({
        checked_at: z.iso.datetime(),
        completed: z.boolean().describe('False when a request of the check failed.'),
        sent: count,
        acknowledged: count,
        lost: count.describe('Acknowledged messages that are not in the history.'),
        missed: count.describe('Messages that did not arrive on an open socket in time.'),
        misplaced: count.describe('Messages out of order, or that a resume did not bring.'),
        median_ms: milliseconds.describe('From send to receipt; null when nothing arrived.'),
        slowest_ms: milliseconds,
      })
      .nullable(),
  })
  .meta({ id: 'PromisesHealth', description: 'The result of the last check of the promises.' });

export const healthOperations = {
  getPromisesHealth: operation({
    methods: ['GET'],
    path: '/health/promises/',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Get the result of the last check of the promises',
    description:
      'A canary regularly sends messages in a room of its own, loses a connection and resumes. `unknown` means that there was no check, or none in the last minutes.',
    auth: 'none',
    responses: { 200: PromisesHealth },
  }),
  getHealth: operation({
    methods: ['GET'],
    path: '/health/',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Check whether the API is available',
    auth: 'none',
    responses: {
      200: z
        .object({ status: z.literal('ok'), version: z.string() })
        .meta({ id: 'Health', description: 'Whether the API is available, and its version.' }),
    },
  }),
} as const;
