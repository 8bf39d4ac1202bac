/* Keys of the player, wherever the focus is, unless it is somewhere that needs the key itself. */
import { CAUGHT, isTyping } from "./typing.js";

const PRESSABLE = "a[href], button, summary, label, [role=button]";
const STEERABLE = "[role=tab], [role=slider], [role=menu], [role=menuitem], [role=menuitemradio]";

function togglePlay({ media }) {
  if (media.paused) media.play()?.catch(() => {});
  else media.pause();
}

function skip(seconds) {
  return ({ media }) => {
    if (media.isBlind) return;
    const end = Number.isFinite(media.duration) ? media.duration : Infinity;
    media.currentTime = Math.min(Math.max(0, media.currentTime + seconds), end);
  };
}

function toggleCaptions({ textTracks }) {
  const tracks = Array.from(textTracks()).filter((track) => ["captions", "subtitles"].includes(track.kind));
  const showing = tracks.find((track) => track.mode === "showing");
  if (showing) showing.mode = "disabled";
  else if (tracks[0]) tracks[0].mode = "showing";
}

function toggleMute({ media }) {
  media.muted = !media.muted;
}

function toggleFullscreen({ frame }) {
  if (document.fullscreenElement) document.exitFullscreen();
  else frame.requestFullscreen?.().catch(() => {});
}

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

function changeRate(by) {
  return ({ media }) => {
    const wanted = by > 0 ? RATES.find((rate) => rate > media.playbackRate) : RATES.findLast((rate) => rate < media.playbackRate);
    if (wanted) media.playbackRate = wanted;
  };
}

/** Players of hosts have a button of their own for it. */
function togglePicture({ media }) {
  if (document.pictureInPictureElement) document.exitPictureInPicture();
  else media.requestPictureInPicture?.().catch(() => {});
}

const KEYS = {
  " ": togglePlay,
  k: togglePlay,
  j: skip(-10),
  l: skip(10),
  ArrowLeft: skip(-5),
  ArrowRight: skip(5),
  c: toggleCaptions,
  "<": changeRate(-1),
  ">": changeRate(1),
  i: togglePicture,
  m: toggleMute,
  f: toggleFullscreen,
};

function belongsElsewhere(event) {
  if (isTyping(event)) return true;
  if (event.key === " ") return Boolean(event.target.closest?.(PRESSABLE));
  return event.key.startsWith("Arrow") && Boolean(event.target.closest?.(STEERABLE));
}

/** Video.js closes its menus with Escape, but leaves the keyboard at the top of the page. */
function stayAtMenu({ key, target }) {
  const menu = key === "Escape" && target.closest?.(".vjs-menu");
  if (menu) setTimeout(() => menu.parentElement.querySelector("button").focus());
}

/** media: the element that plays (`isBlind`: nobody knows where it is); frame: what fills the screen; textTracks(): the list of its tracks. */
export function listenForKeys(media, { frame, textTracks }) {
  document.addEventListener("keydown", stayAtMenu, CAUGHT);
  document.addEventListener("keydown", (event) => {
    const action = KEYS[event.key];
    if (!action || (event.shiftKey && event.key.length > 1) || belongsElsewhere(event)) return;
    event.preventDefault();
    action({ media, frame, textTracks });
  }, CAUGHT);
}
