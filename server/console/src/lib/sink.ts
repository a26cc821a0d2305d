/** Where the other side is heard. It stands in the page, so that no view takes it away. */
export class Sink {
  readonly #audio = document.createElement('audio');

  constructor() {
    this.#audio.autoplay = true;
    this.#audio.hidden = true;
    document.body.append(this.#audio);
  }

  play(stream: MediaStream, device: string): void {
    this.#audio.srcObject = stream;
    void this.use(device);
    this.allow();
  }

  /** Chooses headphones; a browser that cannot goes on with its own. */
  async use(device: string): Promise<void> {
    const audio = this.#audio as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
    await audio.setSinkId?.(device).catch(() => undefined);
  }

  /** Before a click a browser may refuse to play; the next click asks again. */
  allow(): void {
    if (this.#audio.srcObject) void this.#audio.play().catch(() => undefined);
  }
}
