/** Codecs that telephones speak, so that nobody has to translate, and the keypad. */
const SPOKEN = ['audio/PCMA', 'audio/PCMU', 'audio/telephone-event'];
/** Nothing connects slower than this. */
const PATIENCE_MS = 15_000;

export interface Hears {
  /** The other side's sound is there. */
  sound: (stream: MediaStream) => void;
  /** The connection is lost and does not come back by itself. */
  lost: () => void;
}

/** One connection of the page's audio; `ask` brings our offer to the server and its answer back. */
export class Peer {
  readonly connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  readonly #sender: RTCRtpSender;
  #timer: number | undefined;
  #isClosed = false;
  readonly #hears: Hears;

  constructor(hears: Hears) {
    this.#hears = hears;
    const transceiver = this.connection.addTransceiver('audio', { direction: 'sendrecv' });
    this.#sender = transceiver.sender;
    const known = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
    const wanted = SPOKEN.flatMap((kind) =>
      known.filter((codec) => codec.mimeType === kind && codec.clockRate === 8000),
    );
    transceiver.setCodecPreferences(wanted);
  }

  /** Resolves once sound can flow. */
  async connect(ask: (offer: string) => Promise<string>): Promise<void> {
    this.connection.ontrack = (event) => this.#hears.sound(new MediaStream([event.track]));
    await this.connection.setLocalDescription();
    const answer = await ask(this.connection.localDescription?.sdp ?? '');
    await this.connection.setRemoteDescription({ type: 'answer', sdp: answer });
    await this.#stands();
    this.connection.onconnectionstatechange = () => {
      const state = this.connection.connectionState;
      if (!this.#isClosed && (state === 'failed' || state === 'disconnected' || state === 'closed')) {
        this.#hears.lost();
      }
    };
  }

  #stands(): Promise<void> {
    return new Promise<void>((done, failed) => {
      const look = () => {
        const state = this.connection.connectionState;
        if (state === 'connected') done();
        else if (state === 'failed' || state === 'closed') failed(new Error(NO_WAY));
      };
      this.connection.onconnectionstatechange = look;
      this.#timer = window.setTimeout(() => failed(new Error(NO_WAY)), PATIENCE_MS);
      look();
    }).then(
      () => window.clearTimeout(this.#timer),
      (reason: unknown) => {
        window.clearTimeout(this.#timer);
        throw reason;
      },
    );
  }

  /** What the other side hears from now on; nothing at all if none. */
  say(track: MediaStreamTrack | null): void {
    void this.#sender.replaceTrack(track);
  }

  /** Presses keys (RFC 4733); false if the browser cannot. */
  press(keys: string): boolean {
    const pad = this.#sender.dtmf;
    if (!pad?.canInsertDTMF) return false;
    pad.insertDTMF(pad.toneBuffer + keys, 120, 70);
    return true;
  }

  close(): void {
    this.#isClosed = true;
    window.clearTimeout(this.#timer);
    this.connection.close();
  }
}

const NO_WAY =
  'Звук не соединился: сеть не пропускает его до сервера. Сообщите администратору адрес и порт [browser] audio';
