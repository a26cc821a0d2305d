import { Mic } from './mic.svelte';
import { Peer } from './peer';
import { Sink } from './sink';

/** How far a visitor's call has come. */
export type VisitState = 'idle' | 'asking' | 'connecting' | 'ringing' | 'talking' | 'ended' | 'refused';

export interface Line {
  isOwn: boolean;
  text: string;
}

type News = 'ringing' | 'answered' | 'ended' | 'refused' | { line: string };
type Message = { answer: string } | { news: News } | { error: string };

/** A visitor's call: one connection, closed with it. */
export class Visit {
  state = $state<VisitState>('idle');
  error = $state('');
  isMuted = $state(false);
  /** Whether the visitor reads and types. */
  writes = $state(false);
  lines = $state.raw<Line[]>([]);
  pressed = $state('');
  readonly mic = new Mic();

  readonly #sink = new Sink();
  #socket: WebSocket | null = null;
  #peer: Peer | null = null;
  #answer: ((sdp: string) => void) | null = null;
  #isTyping = false;

  get isOn(): boolean {
    return ['asking', 'connecting', 'ringing', 'talking'].includes(this.state);
  }

  /** Calls the line; who types may have no microphone. */
  async call(writes: boolean): Promise<void> {
    this.error = '';
    this.writes = writes;
    this.lines = [];
    this.pressed = '';
    this.isMuted = false;
    this.state = 'asking';
    try {
      await this.#ears(writes);
      this.state = 'connecting';
      await this.#open();
    } catch (reason) {
      this.#end('idle', reason instanceof Error ? reason.message : String(reason));
    }
  }

  hangUp(): void {
    this.#say('hang_up');
    this.#end('ended', '');
  }

  mute(): void {
    this.isMuted = !this.isMuted;
    if (this.mic.track) this.mic.track.enabled = !this.isMuted;
  }

  press(key: string): void {
    if (this.state !== 'talking') return;
    // Without a microphone there is no sound to carry a key: the line reads it instead.
    if (this.mic.track && this.#peer?.press(key)) this.pressed = (this.pressed + key).slice(-24);
    else if (this.writes) this.write(key);
  }

  /** The visitor begins to type: the assistant falls silent, as for somebody who begins to speak. */
  types(): void {
    if (!this.#isTyping) this.#say('typing');
    this.#isTyping = true;
  }

  write(text: string): void {
    const line = text.trim();
    if (!line) return;
    this.#isTyping = false;
    this.#say({ line });
    this.lines = [...this.lines, { isOwn: true, text: line }];
  }

  async #ears(mayGoWithout: boolean): Promise<void> {
    try {
      await this.mic.open('');
    } catch (reason) {
      if (!mayGoWithout) throw reason;
    }
  }

  #open(): Promise<void> {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/visit`);
    this.#socket = socket;
    const peer = new Peer({ sound: (stream) => this.#sink.play(stream, ''), lost: () => this.#lost() });
    this.#peer = peer;
    peer.say(this.mic.track);
    socket.onmessage = (event) => this.#take(JSON.parse(String(event.data)) as Message);
    return new Promise((done, failed) => {
      socket.onclose = () => {
        failed(new Error('Нет связи с сервером. Проверьте сеть и повторите'));
        if (this.#socket === socket) this.#lost();
      };
      socket.onopen = () => {
        const ask = (offer: string) =>
          new Promise<string>((answered) => {
            this.#answer = answered;
            this.#say({ call: { offer, writes: this.writes } });
          });
        peer.connect(ask).then(done, failed);
      };
    });
  }

  #take(message: Message): void {
    if ('answer' in message) this.#answer?.(message.answer);
    else if ('error' in message) this.#end('refused', message.error);
    else this.#hear(message.news);
  }

  #hear(news: News): void {
    if (typeof news === 'object') this.lines = [...this.lines, { isOwn: false, text: news.line }];
    else if (news === 'ringing') this.state = 'ringing';
    else if (news === 'answered') this.state = 'talking';
    else if (news === 'ended') this.#end('ended', '');
    else this.#end('refused', 'Сейчас линия не может принять звонок. Повторите через несколько минут');
  }

  #lost(): void {
    if (this.isOn) this.#end('ended', 'Связь прервалась. Можно позвонить ещё раз');
  }

  #say(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #end(state: VisitState, error: string): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#peer?.close();
    this.#peer = null;
    this.mic.close();
    this.state = state;
    this.error = error;
  }
}
