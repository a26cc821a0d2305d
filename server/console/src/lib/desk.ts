import type { DeskView, OwnDesk, Room } from './types';

/** What an operator sees: the desk, and what concerns it of the room. */
export function deskOf(own: OwnDesk, room: Room): DeskView {
  return {
    ...own,
    queues: room.queues.filter((queue) => own.serves.includes(queue.id)),
    colleagues: room.colleagues.filter((colleague) => colleague.login !== own.operator.login),
    all_queues: room.queues,
  };
}
