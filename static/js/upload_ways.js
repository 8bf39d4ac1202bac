/*
 * The two ways a file's bytes take: through the application (tus), or in parts straight into a bucket. Both go on
 * where the server has got to, and end when all is there. Both raise Unreachable or Refusal (upload_server.js), or the
 * reason of `signal`.
 */

import { csrfToken } from "./requests.js";
import { failureOf, Refusal, Unreachable } from "./upload_server.js";

const CHUNK = 16 * 1024 ** 2; // bytes of one request: what proxies let pass
const SILENCE = 60_000; // milliseconds without progress, then the line counts as lost
const ADDRESSES = 20; // parts whose addresses are asked for at once: they expire

/** Calls `giveUp` when `heard` was not called for a minute, or the system says that the line is gone. */
class Listening {
  #giveUp;
  #timer;

  constructor(giveUp) {
    this.#giveUp = giveUp;
    addEventListener("offline", giveUp);
    this.heard();
  }

  heard() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#giveUp, SILENCE);
  }

  end() {
    clearTimeout(this.#timer);
    removeEventListener("offline", this.#giveUp);
  }
}

/**
 * Sends something that can be aborted: `begin({succeed, fail, heard})` answers how. Fails as Unreachable when
 * nothing is heard, with the signal's reason when that says so.
 */
function watched(signal, begin) {
  return new Promise((resolve, reject) => {
    let abort = () => {};
    const listening = new Listening(() => stop(new Unreachable()));
    const settle = (how) => (value) => {
      listening.end();
      signal.removeEventListener("abort", onSignal);
      how(value);
    };
    const [succeed, fail] = [settle(resolve), settle(reject)];
    const onSignal = () => stop(signal.reason);
    function stop(reason) {
      abort();
      fail(reason);
    }
    signal.addEventListener("abort", onSignal);
    abort = begin({ succeed, fail, heard: () => listening.heard() });
    if (signal.aborted) onSignal();
  });
}

/** Through the application. `onProgress` is told how many bytes have gone. */
export function sendThroughServer(file, { server, id, signal, onProgress }) {
  return watched(signal, ({ succeed, fail, heard }) => {
    const upload = new window.tus.Upload(file, {
      uploadUrl: server.addressOf(id),
      chunkSize: CHUNK,
      headers: { "X-CSRFToken": csrfToken() },
      retryDelays: null, // upload_patience.js waits
      storeFingerprintForResuming: false, // the server knows what is unfinished, for all devices
      onProgress(sent) {
        heard();
        onProgress(sent);
      },
      onSuccess: succeed,
      onError: ({ originalResponse }) => fail(tusFailure(originalResponse)),
    });
    upload.start();
    return () => upload.abort();
  });
}

/** 409 and 460 mean that the server has got to another place than we thought, which it tells when asked again. */
function tusFailure(response) {
  const status = response?.getStatus() ?? 0;
  return [409, 460].includes(status) ? new Unreachable(status) : failureOf(status, response?.getBody());
}

/** Straight into the bucket, in parts of one size. */
export async function sendToBucket(file, { server, id, signal, onProgress }) {
  const { part_size: size, parts: received } = await server.read(id, signal);
  const missing = missingNumbers(file, size, received);
  let sent = file.size - missing.reduce((sum, number) => sum + partOf(file, number, size).size, 0);
  onProgress(sent);
  while (missing.length) {
    const next = missing.splice(0, ADDRESSES);
    for (const { number, url, headers } of await server.partAddresses(id, next, signal)) {
      const part = partOf(file, number, size);
      await putPart(part, { url, headers, signal, onProgress: (loaded) => onProgress(sent + loaded) });
      sent += part.size;
    }
  }
  await server.complete(id, signal);
}

/** Parts count from 1. */
function missingNumbers(file, size, received) {
  const there = new Set(received.map(({ number }) => number));
  return Array.from({ length: Math.ceil(file.size / size) }, (_, n) => n + 1).filter((number) => !there.has(number));
}

function partOf(file, number, size) {
  return file.slice((number - 1) * size, number * size);
}

function putPart(part, { url, headers, signal, onProgress }) {
  return watched(signal, ({ succeed, fail, heard }) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded }) => {
      heard();
      onProgress(loaded);
    });
    request.addEventListener("load", () => (request.status < 300 ? succeed() : fail(bucketFailure(request))));
    request.addEventListener("error", () => fail(new Unreachable()));
    request.send(part);
    return () => request.abort();
  });
}

/** The bucket answers XML. 403 is an address that has expired: a new one is asked for. */
function bucketFailure({ status, responseText }) {
  if (status === 403 || status >= 500) return new Unreachable(status);
  return new Refusal(status, { code: responseText.match(/<Code>(\w+)</)?.[1] });
}
