/*
 * Chapters of a video: the list <ol data-marks> of links [data-seek="754.2"] with [data-mark-title] becomes the player's
 * menu of chapters, and the one that plays is marked in the list.
 */

function marksOf(list) {
  return [...list.querySelectorAll("[data-seek]")].map((link) => ({
    link,
    at: Number.parseFloat(link.dataset.seek),
    title: link.querySelector("[data-mark-title]").textContent,
  }));
}

/** Video.js makes its menu of a track of chapters, as a WebVTT file would bring; it stays when addresses are renewed. */
function offerMenu(player, marks) {
  const { track } = player.addRemoteTextTrack({ kind: "chapters" }, true);
  marks.forEach(({ at, title }, index) => {
    const end = marks[index + 1]?.at ?? Number.MAX_SAFE_INTEGER;
    track.addCue(new VTTCue(at, Math.max(end, at), title));
  });
  track.mode = "hidden";
  player.controlBar.chaptersButton?.update();
}

function showCurrent(marks, second) {
  const current = marks.findLast(({ at }) => at <= second);
  for (const mark of marks) {
    if (mark === current) mark.link.setAttribute("aria-current", "true");
    else mark.link.removeAttribute("aria-current");
  }
}

/** media: what plays; player: Video.js around it, or null. */
export function showChapters(media, player) {
  const list = document.querySelector("[data-marks]");
  if (!list) return;
  const marks = marksOf(list);
  player?.ready(() => offerMenu(player, marks));
  media.addEventListener("timeupdate", () => showCurrent(marks, media.currentTime));
}
