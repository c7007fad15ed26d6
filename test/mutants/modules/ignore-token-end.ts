/** Defect: a connection counts as alive after its access token has ended. */
import * as original from '../../../shared/domain/connections/subscribers.ts';

export * from '../../../shared/domain/connections/subscribers.ts';

export const isAlive: typeof original.isAlive = ({ leaseEndsAtMs }, now) =>
  original.isAlive({ leaseEndsAtMs, tokenEndsAtMs: Number.POSITIVE_INFINITY }, now);
