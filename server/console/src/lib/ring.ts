const KEY = 'liniya.ring';
const VOLUME = 'liniya.ring.volume';
/** As loud as it was before anybody chose. */
const USUAL = 60;

/** A soft two-tone ring; the browser allows it once the operator has clicked or typed. */
export class Ring {
  #context: AudioContext | null = null;
  #timer: number | undefined;

  get isOn(): boolean {
    return localStorage.getItem(KEY) !== 'off';
  }

  set isOn(on: boolean) {
    localStorage.setItem(KEY, on ? 'on' : 'off');
    if (!on) this.stop();
  }

  /** 0 to 100. */
  get volume(): number {
    const chosen = Number(localStorage.getItem(VOLUME) ?? USUAL);
    return Number.isFinite(chosen) ? Math.min(100, Math.max(0, chosen)) : USUAL;
  }

  set volume(volume: number) {
    localStorage.setItem(VOLUME, String(volume));
  }

  /** Once, to hear how loud it is. */
  try(): void {
    this.allow();
    this.#play();
  }

  /** Call it from a click: browsers play nothing before one. */
  allow(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  start(): void {
    if (this.#timer !== undefined || !this.isOn) return;
    this.#play();
    this.#timer = window.setInterval(() => this.#play(), 2_400);
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #play(): void {
    const context = this.#context;
    if (!context || context.state !== 'running') return;
    for (const [start, frequency] of [
      [0, 587],
      [0.18, 784],
      [0.6, 587],
      [0.78, 784],
    ] as const) {
      this.#tone(context, context.currentTime + start, frequency);
    }
  }

  #tone(context: AudioContext, at: number, frequency: number): void {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = 'sine';
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    // People hear loudness by its logarithm: the middle of the slider is half as loud.
    const loudest = 0.5 * (this.volume / 100) ** 2;
    if (loudest === 0) return;
    volume.gain.linearRampToValueAtTime(loudest, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(Math.min(0.001, loudest / 2), at + 0.4);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.42);
  }
}
