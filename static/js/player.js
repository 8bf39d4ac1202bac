/*
 * The player: turns <video|audio data-player controls> into Video.js, which plays our HLS, and that of hosts. A host's own
 * player is left to its file in players/; everything else here works with it as with a media element.
 *
 * Without this script, or when Video.js does not load, the plain element with its own controls stays.
 *   data-videojs   URL of video.min.js, loaded only on pages that have a player
 *   data-position  second to resume at; the page's ?t= wins; ?play=1 begins at once
 * [data-resume-notice] (hidden) with [data-resume-time] and a button [data-start-over] tells of a resumed position.
 * [data-seek="754.2"] anywhere on the page jumps to that second and plays.
 */
import { loadScript } from "./load_script.js";
import { pagePlayer } from "./page_player.js";
import { showChapters } from "./player_chapters.js";
import { listenForKeys } from "./player_keys.js";
import { keepLinksFresh } from "./player_links.js";
import { showPreviews } from "./player_previews.js";
import { offerQualities } from "./player_quality.js";
import { clockTime } from "./time.js";

const NOT_WORTH_RESUMING = 5; // seconds from either end

function options() {
  // Safari plays HLS itself and well; everywhere else Video.js does, also where the browser could.
  const ours = !window.videojs.browser.IS_ANY_SAFARI;
  return {
    controls: true,
    fill: true,
    responsive: true,
    playbackRates: [0.75, 1, 1.25, 1.5, 1.75, 2],
    controlBar: { skipButtons: { forward: 10, backward: 10 } },
    enableSmoothSeeking: true,
    html5: { vhs: { overrideNative: ours }, nativeAudioTracks: !ours, nativeVideoTracks: !ours },
  };
}

/**
 * The sources, out of the element: a browser that plays HLS by itself has begun to, and would tell of metadata and take a
 * second to start at just before Video.js begins anew.
 */
function takeSources(media) {
  const elements = [...media.querySelectorAll("source")];
  for (const element of elements) element.remove();
  media.load();
  return elements.map(({ src, type }) => ({ src, type }));
}

async function enhance(media) {
  if (!media.dataset.videojs) return null;
  window.VIDEOJS_NO_DYNAMIC_STYLE = true; // the content security policy allows stylesheets from files only
  try {
    await loadScript(media.dataset.videojs);
    return window.videojs(media, { ...options(), sources: takeSources(media) });
  } catch (error) {
    console.warn("The plain player stays:", error);
    return null;
  }
}

function whenMetadata(media, action) {
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) action();
  else media.addEventListener("loadedmetadata", action, { once: true });
}

export function play(media) {
  media.play()?.catch(() => {}); // browsers may refuse to start by themselves; the big button is there
}

function linkedSecond() {
  const second = Number.parseFloat(new URLSearchParams(location.search).get("t"));
  return Number.isFinite(second) && second >= 0 ? second : null;
}

/** A playlist goes on by itself, or was told to play. */
const isAskedToPlay = () => new URLSearchParams(location.search).get("play") === "1";

function startAt(media) {
  const linked = linkedSecond();
  if (linked === null) resume(media);
  else media.currentTime = Number.isFinite(media.duration) ? Math.min(linked, media.duration) : linked;
  if (linked !== null || isAskedToPlay()) play(media);
}

function resume(media) {
  const position = Number.parseFloat(media.dataset.position);
  const end = Number.isFinite(media.duration) ? media.duration : Number(media.dataset.length);
  if (!(position > NOT_WORTH_RESUMING) || position > end - NOT_WORTH_RESUMING) return;
  media.currentTime = position;
  tellResumed(media, position);
}

function tellResumed(media, position) {
  const notice = document.querySelector("[data-resume-notice]");
  if (!notice) return;
  notice.querySelector("[data-resume-time]").textContent = clockTime(position);
  notice.querySelector("[data-start-over]").addEventListener("click", () => {
    media.currentTime = 0;
    notice.hidden = true;
    play(media);
  });
  notice.hidden = false;
}

function seekOnClick(media) {
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-seek]");
    if (!target || event.ctrlKey || event.metaKey || !getSelection().isCollapsed) return;
    event.preventDefault();
    media.currentTime = Number.parseFloat(target.dataset.seek);
    play(media);
  });
}

async function start(media) {
  const player = await enhance(media);
  whenMetadata(media, () => startAt(media));
  seekOnClick(media);
  keepLinksFresh(media, player);
  showChapters(media, player);
  if (player) {
    showPreviews(media, player);
    offerQualities(media, player);
  }
  const startsAtOnce = linkedSecond() !== null || isAskedToPlay();
  if (media.preload === "none" && startsAtOnce) play(media);
  const frame = player?.el() ?? media.frame ?? media;
  listenForKeys(media, { frame, textTracks: () => player?.textTracks() ?? media.textTracks });
}

if (pagePlayer) start(pagePlayer);
