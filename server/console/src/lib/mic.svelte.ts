/** What keeps the microphone from us, in words for the one who wants to speak. */
export function refusal(reason: unknown): string {
  const name = reason instanceof DOMException ? reason.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return 'Браузер не разрешил микрофон. Нажмите на значок слева от адреса страницы, разрешите микрофон и повторите';
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    return 'Микрофон не найден. Подключите гарнитуру и повторите';
  }
  if (name === 'NotReadableError' || name === 'AbortError') {
    return 'Микрофон занят другой программой. Закройте её и повторите';
  }
  return 'Микрофон не включился. Проверьте гарнитуру и повторите';
}

/** Browsers give a microphone to pages of https:// and of this computer only. */
export const NO_MICROPHONE =
  'Браузер даёт микрофон только страницам https:// и 127.0.0.1. Попросите администратора открыть рабочее место по https://';

const LOOK_MS = 100;

/** The microphone: asked for once, measured, exchanged. */
export class Mic {
  track = $state.raw<MediaStreamTrack | null>(null);
  inputs = $state.raw<MediaDeviceInfo[]>([]);
  outputs = $state.raw<MediaDeviceInfo[]>([]);
  /** How loud it is now, 0 to 1. */
  level = $state(0);

  #stream: MediaStream | null = null;
  #context: AudioContext | null = null;
  #timer: number | undefined;
  readonly #changed = () => void this.#list();

  get isPossible(): boolean {
    return navigator.mediaDevices !== undefined;
  }

  /** Asks the browser, which asks the person the first time. */
  async open(device: string): Promise<MediaStreamTrack> {
    if (!this.isPossible) throw new Error(NO_MICROPHONE);
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    if (device) audio.deviceId = { exact: device };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (reason) {
      // The headset that was chosen is not there today: any other will do.
      if (device && reason instanceof DOMException && reason.name !== 'NotAllowedError') return this.open('');
      throw new Error(refusal(reason));
    }
    this.#forget();
    this.#stream = stream;
    const track = stream.getAudioTracks()[0];
    if (!track) throw new Error(refusal(null));
    this.track = track;
    this.#measure(stream);
    await this.#list();
    navigator.mediaDevices.addEventListener('devicechange', this.#changed);
    return track;
  }

  close(): void {
    this.#forget();
    this.track = null;
    this.level = 0;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#changed);
  }

  /** Call it from a click: before one, the meter stands still. */
  allow(): void {
    void this.#context?.resume();
  }

  #forget(): void {
    window.clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  async #list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices();
    this.inputs = all.filter((device) => device.kind === 'audioinput' && device.deviceId);
    this.outputs = all.filter((device) => device.kind === 'audiooutput' && device.deviceId);
  }

  #measure(stream: MediaStream): void {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    this.#context = context;
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      const power = wave.reduce((sum, x) => sum + x * x, 0) / wave.length;
      // −60 dB is silence, 0 dB is as loud as it gets.
      const db = 10 * Math.log10(Math.max(power, 1e-6));
      this.level = Math.min(1, Math.max(0, (db + 60) / 60));
    }, LOOK_MS);
  }
}
