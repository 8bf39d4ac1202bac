/* Trying again while only the line, or a busy server, is at fault. */

import { Refusal, Unreachable } from "./upload_server.js";

const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds; the last one again and again
const TRIES_ANSWERED = 10; // so often the server itself may fail without a byte of progress in between
const BUSY = 503; // says nothing of this upload: its turn comes

/**
 * Does `work(progressed)` until it succeeds; `progressed` is to be called when bytes went through. `onWait(error)` is
 * told before each pause. Raises Refusal, or the reason of `signal`.
 */
export async function persist(work, { signal, onWait }) {
  let tries = 0;
  for (;;) {
    try {
      return await work(() => (tries = 0));
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (error.status && error.status !== BUSY && tries >= TRIES_ANSWERED) throw new Refusal(error.status);
      onWait(error);
    }
    await lineOrPause(PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000, signal);
    tries += 1;
  }
}

/** Ends after the pause, or as soon as the system says that the line is back. */
function lineOrPause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (how, value) => {
      clearTimeout(timer);
      ended.abort();
      how(value);
    };
    const timer = setTimeout(() => end(resolve), milliseconds);
    addEventListener("online", () => end(resolve), { signal: ended.signal });
    signal.addEventListener("abort", () => end(reject, signal.reason), { signal: ended.signal });
    if (signal.aborted) end(reject, signal.reason);
  });
}
