/** The list of the user's rooms, with the number of unread messages in each. */
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { ListedRoom } from '../../index.ts';
import { hiddenStyle } from './hidden-style.ts';
import { englishStrings, type ComponentStrings } from './strings.ts';

/** The properties of `RoomList`. */
export interface RoomListProps {
  /** Of `useRooms`. */
  rooms: readonly ListedRoom[];
  /** The id of the room that is shown. */
  activeRoomId?: string | undefined;
  /** Called with the room that the user chooses. */
  onOpen: (room: ListedRoom) => void;
  /** Renders the content of one entry; by default its name and the number of unread messages. */
  renderRoom?: ((room: ListedRoom) => ReactNode) | undefined;
  className?: string | undefined;
  strings?: Partial<ComponentStrings> | undefined;
}

/**
 * Shows rooms as a list of buttons. Up, Down, Home and End move from room to room.
 *
 * @example
 * const { rooms } = useRooms();
 *
 * <RoomList rooms={rooms} activeRoomId={id} onOpen={({ room_id }) => setId(room_id)} />
 */
export function RoomList({ rooms, activeRoomId, onOpen, renderRoom, className, strings }: RoomListProps) {
  const texts = { ...englishStrings, ...strings };
  const list = useRef<HTMLUListElement>(null);
  const hasActive = rooms.some(({ room_id: id }) => id === activeRoomId);

  function keyPressed({ key, currentTarget }: KeyboardEvent, stop: () => void): void {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const index = buttons.findIndex((button) => button === currentTarget);
    const target = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: buttons.length - 1 }[key];
    if (target === undefined) return;
    stop();
    buttons[Math.max(0, Math.min(buttons.length - 1, target))]?.focus();
  }

  return (
    <ul ref={list} className={className} data-part="rooms" aria-label={texts.roomList}>
      {rooms.map((room, index) => {
        const isActive = room.room_id === activeRoomId;
        return (
          <li key={room.room_id}>
            <button
              type="button"
              aria-current={isActive ? 'true' : undefined}
              tabIndex={isActive || (!hasActive && index === 0) ? 0 : -1}
              onClick={() => onOpen(room)}
              onKeyDown={(event) => keyPressed(event, () => event.preventDefault())}
            >
              {renderRoom?.(room) ?? (
                <>
                  <span data-part="name">{room.display_name}</span>{' '}
                  {room.unread_count > 0 && (
                    <>
                      <span data-part="badge" aria-hidden="true">
                        {room.unread_count}
                      </span>
                      <span style={hiddenStyle}>{texts.unread(room.unread_count)}</span>
                    </>
                  )}
                </>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
