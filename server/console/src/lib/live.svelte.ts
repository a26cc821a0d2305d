import { me, Refused } from './api';
import { backoff } from './backoff';
import { deskOf } from './desk';
import type { BoardView, Command, DeskView, Floor, OwnDesk, Room } from './types';

type Message = {
  desk?: OwnDesk;
  room?: Room;
  board?: BoardView;
  floor?: Floor;
  reply?: Reply;
};

type Reply = { id: number; ok: boolean; error: string | null; answer?: string };

type Waiting = { done: (reply: Reply) => void; refused: (error: Error) => void };

/** What the desk tells besides its views. */
export interface Told {
  /** Logged out, or the session ended. */
  signedOut: () => void;
  /** The connection stands, perhaps again. */
  stands: (live: Live) => void;
  lost: () => void;
  /** Another page has the phone in the browser now. */
  phoneTaken: () => void;
}

/** The server speaks at least every 20 s: silence for longer is a lost connection. */
const SILENCE_MS = 45_000;
const SIGNED_OUT = 4401;

/** The live desk: what the server pushes, and the way to tell it something. */
export class Live {
  desk = $state.raw<DeskView | null>(null);
  board = $state.raw<BoardView | null>(null);
  floor = $state.raw<Floor | null>(null);
  isConnected = $state(false);
  /** When the view was made, by our clock. */
  seenAt = $state(0);
  /** When the server was last heard, by its clock: what is shown is from then. */
  heardAt = $state(0);
  /** When the connection is tried again, by the server's clock; null while it is tried or stands. */
  retryAt = $state<number | null>(null);
  /** Now, by the server's clock; moves four times a second. */
  now = $state(Date.now());

  #own: OwnDesk | null = null;
  #room: Room | null = null;
  #socket: WebSocket | null = null;
  #isClosed = false;
  #attempt = 0;
  #offset = 0;
  #next = 1;
  #waiting = new Map<number, Waiting>();
  #retry: number | undefined;
  #silence: number | undefined;
  readonly #tick: number;
  readonly #wantsBoard: boolean;
  readonly #told: Told;
  readonly #token: string | null;

  /** With a screen's token only the board comes, without anybody's login. */
  constructor(wantsBoard: boolean, told: Told, token: string | null = null) {
    this.#wantsBoard = wantsBoard;
    this.#token = token;
    this.#told = told;
    this.#tick = window.setInterval(() => (this.now = Date.now() + this.#offset), 250);
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    window.clearInterval(this.#tick);
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#silence);
    this.#socket?.close();
  }

  /** Tries to connect at once, and does not wait for the next attempt. */
  retry(): void {
    if (this.retryAt === null) return;
    window.clearTimeout(this.#retry);
    this.retryAt = null;
    void this.#again();
  }

  async send(command: Command): Promise<void> {
    await this.#ask({ command });
  }

  /** Opens the phone of this page: our offer, the server's answer. */
  async openPhone(offer: string): Promise<string> {
    const reply = await this.#ask({ audio: { offer } });
    if (reply.answer === undefined) throw new Error('Сервер не ответил звуком');
    return reply.answer;
  }

  /** No phone in the browser any more. */
  async leavePhone(): Promise<void> {
    await this.#ask({ audio: 'leave' });
  }

  #ask(wish: { command: Command } | { audio: { offer: string } | 'leave' }): Promise<Reply> {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error('Нет связи с сервером: команда не отправлена'));
    }
    const id = this.#next++;
    return new Promise((done, refused) => {
      this.#waiting.set(id, { done, refused });
      socket.send(JSON.stringify({ id, ...wish }));
    });
  }

  #open(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = this.#wantsBoard ? '?board=true' : '';
    const door = this.#token === null ? `desk/live${query}` : 'wallboard/live';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/${door}`);
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#token !== null) socket.send(this.#token);
      this.#attempt = 0;
      this.isConnected = true;
      this.#listen();
      this.#told.stands(this);
    };
    socket.onmessage = (event) => {
      this.#listen();
      const message = JSON.parse(String(event.data)) as Message | 'phone_taken';
      if (message === 'phone_taken') this.#told.phoneTaken();
      else this.#take(message);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lost(event.code);
    };
  }

  #listen(): void {
    window.clearTimeout(this.#silence);
    this.#silence = window.setTimeout(() => {
      const socket = this.#socket;
      this.#lost(0);
      socket?.close();
    }, SILENCE_MS);
  }

  #take(message: Message): void {
    const view = message.desk ?? message.board;
    if (view) {
      this.#offset = view.now_ms - Date.now();
      this.now = view.now_ms;
    }
    this.heardAt = this.now;
    if (message.desk) {
      this.#own = message.desk;
      this.seenAt = message.desk.now_ms;
    }
    if (message.room) this.#room = message.room;
    if ((message.desk || message.room) && this.#own && this.#room) {
      this.desk = deskOf(this.#own, this.#room);
    }
    if (message.board) this.board = message.board;
    if (message.floor) this.floor = message.floor;
    if (message.reply) {
      const { id, ok, error } = message.reply;
      const { reply } = message;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (ok) waiting?.done(reply);
      else waiting?.refused(new Error(error ?? 'Команда не выполнена'));
    }
  }

  #lost(code: number): void {
    this.#socket = null;
    this.isConnected = false;
    window.clearTimeout(this.#silence);
    for (const { refused } of this.#waiting.values()) {
      refused(new Error('Связь прервалась: неизвестно, выполнена ли команда'));
    }
    this.#waiting.clear();
    this.#told.lost();
    if (this.#isClosed) return;
    if (code === SIGNED_OUT) {
      this.#told.signedOut();
      return;
    }
    this.#attempt += 1;
    const wait = backoff(this.#attempt, Math.random());
    this.retryAt = this.now + wait;
    this.#retry = window.setTimeout(() => this.retry(), wait);
  }

  /** A refused handshake has no reason in the browser: ask whether we are still logged in. */
  async #again(): Promise<void> {
    try {
      if (this.#token === null) await me();
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        this.#told.signedOut();
        return;
      }
    }
    if (!this.#isClosed) this.#open();
  }
}
