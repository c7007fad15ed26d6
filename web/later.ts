/**
 * What users open now and then, as one part of the page that is loaded after a first visit or with its first use. As parts of
 * their own, they would cost a first visit more than they save: each shares other code with the rest of the page.
 */
export { Account } from './account/account.tsx';
export { Lightbox } from './files/lightbox.tsx';
export { RoomDialog } from './room/room-dialog.tsx';
export { FindPeople } from './rooms/find-people.tsx';
export { PublicRooms } from './rooms/public-rooms.tsx';
export { SearchPanel } from './search/search-panel.tsx';
