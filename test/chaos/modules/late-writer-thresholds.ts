/** Fills a gap so early that a writer which is held up for a second comes too late. */
export * from '../../../shared/domain/thresholds.ts';

export const gapAgeMs = 600;
