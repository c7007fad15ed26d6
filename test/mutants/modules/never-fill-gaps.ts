/** Defect: no gap is ever old enough to be filled. */
export * from '../../../shared/domain/thresholds.ts';

export const gapAgeMs = Number.POSITIVE_INFINITY;
