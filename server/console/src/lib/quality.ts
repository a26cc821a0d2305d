/** How a talk sounds, in words and numbers. */
export interface Quality {
  lossPercent: number;
  jitterMs: number;
  delayMs: number;
  grade: 'good' | 'fair' | 'bad';
}

/** What is taken of two looks at `RTCPeerConnection.getStats()`. */
export interface Sample {
  received: number;
  lost: number;
  jitterS: number;
  /** There and back, none while unknown. */
  roundTripS: number | null;
  /** Waited in the browser's own buffer, and for how many samples of sound. */
  bufferedS: number;
  emitted: number;
}

/** What one-way delay and loss people do not notice (ITU-T G.114, G.113). */
const GOOD = { loss: 1, delay: 150, jitter: 30 };
const FAIR = { loss: 5, delay: 400, jitter: 80 };

/** The quality between two looks. */
export function quality(before: Sample, after: Sample): Quality {
  const received = after.received - before.received;
  const lost = Math.max(0, after.lost - before.lost);
  const all = received + lost;
  const emitted = after.emitted - before.emitted;
  const buffered = emitted > 0 ? (after.bufferedS - before.bufferedS) / emitted : 0;
  const lossPercent = all > 0 ? (100 * lost) / all : 0;
  const jitterMs = Math.round(1000 * after.jitterS);
  const delayMs = Math.round(1000 * ((after.roundTripS ?? 0) / 2 + Math.max(0, buffered)));
  const within = (limit: typeof GOOD) =>
    lossPercent <= limit.loss && delayMs <= limit.delay && jitterMs <= limit.jitter;
  const grade = within(GOOD) ? 'good' : within(FAIR) ? 'fair' : 'bad';
  return { lossPercent, jitterMs, delayMs, grade };
}

/** The look itself. */
export function sample(report: RTCStatsReport): Sample {
  const found: Sample = {
    received: 0,
    lost: 0,
    jitterS: 0,
    roundTripS: null,
    bufferedS: 0,
    emitted: 0,
  };
  report.forEach((entry: Record<string, unknown>) => {
    const number = (name: string) => (typeof entry[name] === 'number' ? (entry[name] as number) : 0);
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
      found.received = number('packetsReceived');
      found.lost = number('packetsLost');
      found.jitterS = number('jitter');
      found.bufferedS = number('jitterBufferDelay');
      found.emitted = number('jitterBufferEmittedCount');
    }
    if (entry.type === 'candidate-pair' && entry.nominated === true) {
      const trip = entry.currentRoundTripTime;
      if (typeof trip === 'number') found.roundTripS = trip;
    }
  });
  return found;
}

const GRADES = { good: 'хорошая', fair: 'слышно с помехами', bad: 'плохая' } as const;

export const gradeTitle = (grade: Quality['grade']): string => GRADES[grade];

/** «потери 0 %, дрожание 3 мс, задержка 45 мс» */
export function figures(of: Quality): string {
  const loss = of.lossPercent < 10 ? of.lossPercent.toFixed(1).replace('.', ',').replace(',0', '') : Math.round(of.lossPercent);
  return `потери ${loss} %, дрожание ${of.jitterMs} мс, задержка ${of.delayMs} мс`;
}
