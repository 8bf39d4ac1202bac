/*
 * Reports of what was played that have not arrived yet, kept in the browser: the line was gone, or the page is going.
 * One entry a visit, under its id; it is told when the line is back, and when a player is opened again.
 *
 * Telling something twice is harmless: the server unites. What it will never take is forgotten, and what is a week old.
 */
import { mergeIntervals } from "./intervals.js";
import { postJson } from "./requests.js";

const PREFIX = "lectern:watch:";
const OLDEST = 7 * 24 * 3600_000; // milliseconds
const NEVER_TAKEN = [400, 404, 409, 410, 413, 422];

/** report: {intervals, position, speed}; `left`: the player is gone, so that telling it ends the visit. */
export function keepReport({ id, key }, { sessionsUrl, media, left }, report) {
  const intervals = mergeIntervals([...(read(id)?.report.intervals ?? []), ...report.intervals]);
  write(id, { key, sessionsUrl, media, left, kept: Date.now(), report: { ...report, intervals } });
}

/** A report to one visit, with the key that opened it: neither a session nor a token of the page is asked for. */
export function postReport(url, report, { key, keepalive = false }) {
  return postJson(url, report, { keepalive, headers: { "X-Visit-Key": key } });
}

/** Whose visit a key opens. */
export function personOf(key) {
  return key.split(":")[0];
}

export function forgetReport(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Without storage nothing is kept.
  }
}

/** Tells what is kept for this organization, one visit after another; `tell` gets each answer with its entry. */
export async function sendKept(sessionsUrl, { except = null, tell = () => {} } = {}) {
  for (const id of keptIds()) {
    const entry = read(id);
    if (!entry || id === except || entry.sessionsUrl !== sessionsUrl) continue;
    if (Date.now() - entry.kept > OLDEST) forgetReport(id);
    else if (!(await send(id, entry, tell))) return;
  }
}

/** Answers whether it makes sense to go on with others. */
async function send(id, entry, tell) {
  try {
    const url = `${entry.sessionsUrl}${id}/${entry.left ? "end" : "progress"}/`;
    const answer = await postReport(url, entry.report, { key: entry.key });
    if (read(id)?.kept === entry.kept) forgetReport(id);
    tell(answer, entry);
  } catch (error) {
    if (!NEVER_TAKEN.includes(error.status)) return false;
    forgetReport(id);
  }
  return true;
}

function keptIds() {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

function read(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id));
  } catch {
    return null;
  }
}

function write(id, entry) {
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(entry));
  } catch {
    // Full or forbidden: then only this page remembers.
  }
}
