/** The button below a list that is loaded page by page. */
import type { Pages } from './use-pages.ts';
import { strings } from './strings.ts';

export function MoreButton({ hasMore, isLoading, loadMore }: Pages<unknown>) {
  if (isLoading) return <p className="hint">{strings.loading}</p>;
  if (!hasMore) return null;
  return (
    <button type="button" onClick={loadMore}>
      {strings.loadMore}
    </button>
  );
}
