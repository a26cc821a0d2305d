import { backoff } from './backoff';
import type { Live } from './live.svelte';
import { Mic } from './mic.svelte';
import { Peer } from './peer';
import { quality, sample, type Quality, type Sample } from './quality';
import { Sink } from './sink';

export type PhoneKind = 'browser' | 'sip';

/** How far the phone in the browser has come. */
export type PhoneStatus =
  /** Another phone is used. */
  | 'off'
  /** The microphone is asked for. */
  | 'asking'
  | 'connecting'
  /** It can ring and be answered. */
  | 'up'
  /** It broke and comes back by itself. */
  | 'lost'
  /** Another page of the same operator has it. */
  | 'taken'
  /** It cannot work; `error` says why. */
  | 'broken';

const KIND = 'liniya.phone';
const INPUT = 'liniya.phone.input';
const OUTPUT = 'liniya.phone.output';
const MUTED = 'liniya.phone.muted';
const QUALITY_MS = 2_000;

/** The operator's phone: in this page, or a SIP phone that the desk controls as far as it can. */
export class Phone {
  kind = $state<PhoneKind>(localStorage.getItem(KIND) === 'browser' ? 'browser' : 'sip');
  status = $state<PhoneStatus>('off');
  error = $state('');
  input = $state(localStorage.getItem(INPUT) ?? '');
  output = $state(localStorage.getItem(OUTPUT) ?? '');
  isMuted = $state(false);
  quality = $state.raw<Quality | null>(null);
  readonly mic = new Mic();

  readonly #sink = new Sink();
  #live: Live | null = null;
  #peer: Peer | null = null;
  #call: string | null = null;
  #attempt = 0;
  #retry: number | undefined;
  #look: number | undefined;
  #before: Sample | null = null;
  /** Counts connections: what an older one still has to say is not heard. */
  #round = 0;

  /** Whether calls ring here. */
  get isUp(): boolean {
    return this.status === 'up';
  }

  /** The desk's connection stands, perhaps again: the phone comes with it. */
  attach(live: Live): void {
    this.#live = live;
    if (this.kind === 'browser') void this.#connect();
  }

  /** The desk's connection is lost, and this page's sound with it. */
  detach(): void {
    this.#drop();
    if (this.kind === 'browser' && this.status !== 'broken') this.status = 'lost';
  }

  /** The operator leaves. */
  close(): void {
    this.#drop();
    this.mic.close();
    this.#live = null;
    this.status = 'off';
  }

  async choose(kind: PhoneKind): Promise<void> {
    this.kind = kind;
    localStorage.setItem(KIND, kind);
    this.error = '';
    if (kind === 'browser') return this.#connect();
    this.#drop();
    this.mic.close();
    this.status = 'off';
    await this.#live?.leavePhone().catch(() => undefined);
  }

  /** Takes the phone to this page, or tries once more. */
  again(): Promise<void> {
    this.error = '';
    return this.#connect();
  }

  /** Another page has the phone now. */
  taken(): void {
    this.#drop();
    this.mic.close();
    this.status = 'taken';
  }

  async useInput(device: string): Promise<void> {
    this.input = device;
    localStorage.setItem(INPUT, device);
    try {
      await this.mic.open(device);
      this.#speak();
    } catch (reason) {
      this.#fail(reason);
    }
  }

  useOutput(device: string): void {
    this.output = device;
    localStorage.setItem(OUTPUT, device);
    void this.#sink.use(device);
  }

  /** The call that is talked to, none between calls: only then does anybody hear the microphone. */
  talk(call: string | null): void {
    if (call === this.#call) return;
    this.#call = call;
    this.isMuted = call !== null && sessionStorage.getItem(MUTED) === call;
    this.#speak();
    this.#measure();
  }

  /** Nobody shall hear the microphone of this page, or they shall again. */
  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
    if (isMuted && this.#call) sessionStorage.setItem(MUTED, this.#call);
    else sessionStorage.removeItem(MUTED);
    this.#speak();
  }

  /** False if keys cannot be pressed here. */
  press(keys: string): boolean {
    return this.#peer?.press(keys) ?? false;
  }

  /** Call it from a click. */
  allow(): void {
    this.mic.allow();
    this.#sink.allow();
  }

  async #connect(): Promise<void> {
    const live = this.#live;
    if (!live) return;
    this.#drop();
    const round = ++this.#round;
    const isOld = () => round !== this.#round;
    try {
      if (!this.mic.track || this.mic.track.readyState === 'ended') {
        this.status = 'asking';
        await this.mic.open(this.input);
        if (isOld()) return;
      }
      this.status = 'connecting';
      const peer = new Peer({
        sound: (stream) => this.#sink.play(stream, this.output),
        lost: () => {
          if (!isOld()) this.#lost();
        },
      });
      this.#peer = peer;
      await peer.connect((offer) => live.openPhone(offer));
      if (isOld()) return;
      this.#attempt = 0;
      this.status = 'up';
      this.error = '';
      this.#speak();
      this.#measure();
    } catch (reason) {
      if (isOld()) return;
      if (this.mic.track && live.isConnected) this.#lost(reason);
      else if (live.isConnected) this.#fail(reason);
      else this.detach();
    }
  }

  #lost(reason: unknown = null): void {
    this.#drop();
    this.status = 'lost';
    this.error = reason instanceof Error ? reason.message : '';
    this.#attempt += 1;
    this.#retry = window.setTimeout(() => void this.#connect(), backoff(this.#attempt, Math.random()));
  }

  #fail(reason: unknown): void {
    this.#drop();
    this.mic.close();
    this.status = 'broken';
    this.error = reason instanceof Error ? reason.message : String(reason);
  }

  #drop(): void {
    this.#round += 1;
    window.clearTimeout(this.#retry);
    window.clearInterval(this.#look);
    this.#peer?.close();
    this.#peer = null;
    this.quality = null;
  }

  #speak(): void {
    const track = this.mic.track;
    if (track) track.enabled = !this.isMuted;
    this.#peer?.say(this.#call ? track : null);
  }

  #measure(): void {
    window.clearInterval(this.#look);
    this.#before = null;
    this.quality = null;
    const peer = this.#peer;
    if (!peer || !this.#call) return;
    const look = async () => {
      const now = sample(await peer.connection.getStats());
      if (peer !== this.#peer) return;
      if (this.#before) this.quality = quality(this.#before, now);
      this.#before = now;
    };
    void look();
    this.#look = window.setInterval(() => void look(), QUALITY_MS);
  }
}
