/** Schemas that several operations share: the pages of lists, and the read-only fields of bodies. */
import * as z from 'zod';
import { wholeNumber } from '../identifiers.ts';
import * as limits from '../limits.ts';

/** A field that clients may send back as they received it. */
export const ReadOnly = z.unknown().meta({ readOnly: true, description: 'Read-only: ignored.' });

const Cursor = z
  .string()
  .min(1)
  .max(4_096)
  .optional()
  .describe('The start of the page. Take it from the `Link` header of the page before.');

/** The query of a list whose pages the server divides. */
export const CursorQuery = z.object({ cursor: Cursor });

/** The query of a list whose pages have at most `limit` items. */
export const PageQuery = z.object({
  limit: wholeNumber(1, limits.pageSizeMaximum).default(limits.roomPageSize),
  cursor: Cursor,
});

/** The part of a row that says that the operation answers with a list in pages. */
export const listOf = <T extends z.ZodType>(item: T) =>
  ({ responses: { 200: z.array(item) }, paged: true }) as const;
