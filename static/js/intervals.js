/*
 * Which seconds of a medium were really played. Pure: positions and clocks are handed in, in seconds.
 *
 * An interval grows only while playing, and only by what the wall clock allows at the speed played; anything
 * more is a jump and starts a new interval. So neither seeking nor a sleeping laptop counts as watching.
 */

const TOLERANCE = 1.5; // seconds; timers of hidden tabs and decoders are late by about that much
const SAME_PLACE = 0.1; // seconds; playing on from where it stopped is no jump

/** Sorts and joins what touches or overlaps: [[0, 5], [4, 9], [20, 21]] -> [[0, 9], [20, 21]]. */
export function mergeIntervals(intervals) {
  const merged = [];
  for (const [start, end] of [...intervals].sort((left, right) => left[0] - right[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

export class PlayedIntervals {
  #unsent = [];
  #open = null; // {start, end, clock, rate} of the interval that grows
  #last = null; // the interval that stopped last

  /** Playing goes on at this position. */
  start(position, clock, rate) {
    if (this.#open) return;
    this.#open = { start: this.#continued(position), end: position, clock, rate };
  }

  /** Still playing: grows the interval, or begins another where the position jumped. */
  advance(position, clock, rate) {
    if (!this.#open) return this.start(position, clock, rate);
    const played = position - this.#open.end;
    const possible = (clock - this.#open.clock) * Math.max(rate, this.#open.rate) + TOLERANCE;
    if (played < 0 || played > possible) {
      this.stop();
      return this.start(position, clock, rate);
    }
    Object.assign(this.#open, { end: position, clock, rate });
  }

  /** Playing stopped, or is about to jump: the interval ends where it was last seen playing. */
  stop() {
    if (!this.#open) return;
    this.#keep(this.#open);
    this.#last = this.#open;
    this.#open = null;
  }

  /** Hands over what was not handed over yet. The interval that still grows begins anew at its last whole second. */
  take() {
    if (this.#open) {
      this.#keep(this.#open);
      this.#open.start = Math.max(this.#open.start, Math.floor(this.#open.end));
    }
    const taken = mergeIntervals(this.#unsent);
    this.#unsent = [];
    return taken;
  }

  get isGrowing() {
    return this.#open !== null;
  }

  /** Whether something was played that nobody took yet. */
  get hasUnsent() {
    return this.#unsent.length > 0 || this.#open !== null;
  }

  /** What could not be delivered goes with the next report. */
  giveBack(intervals) {
    this.#unsent = mergeIntervals([...intervals, ...this.#unsent]);
  }

  #keep({ start, end }) {
    if (end > start) this.#unsent.push([round(start), round(end)]);
  }

  // The server counts a second of which half was played within one interval. A pause cuts a second in two;
  // so the part before the pause is told again with the part after it, which union makes harmless.
  #continued(position) {
    const last = this.#last;
    if (!last || Math.abs(position - last.end) > SAME_PLACE) return position;
    return Math.min(position, Math.max(last.start, Math.floor(last.end)));
  }
}

function round(seconds) {
  return Math.round(seconds * 1000) / 1000;
}
