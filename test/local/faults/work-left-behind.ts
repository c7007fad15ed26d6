/** A deliberate defect that leaves work behind, by which tests show that it is found. */
import { replacing } from '../../mutants/replacing.ts';

/** Requests that were sent together run on when one of them fails. */
export const workLeftBehind = replacing('shared/domain/wait-for-all.ts', 'settle-at-first-error.ts');
