/** The button that searches messages, and the dialog that is loaded with its first use. */
import { useState } from 'react';
import { onDemand } from '../on-demand.tsx';
import { strings } from '../strings.ts';

const SearchPanel = onDemand(async () => (await import('../later.ts')).SearchPanel);

interface SearchProps {
  roomId: string;
}

export function SearchButton({ roomId }: SearchProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label={strings.searchMessages}
        title={strings.searchMessages}
        onClick={() => setOpen(true)}
      >
        ⌕
      </button>
      {isOpen && <SearchPanel roomId={roomId} onClose={() => setOpen(false)} />}
    </>
  );
}
