/*
 * The one thing on this page that plays: a <video|audio data-player>, or, where a host's own player plays, an object that
 * looks like one to whoever asks for seconds, sets seconds and listens (players/hosted.js). null on a page without.
 *
 *   <div data-player data-player-hosted data-module="…/players/<host>.js">
 */

async function find() {
  const element = document.querySelector("[data-player]");
  if (!element || element instanceof HTMLMediaElement) return element;
  try {
    const { default: Player } = await import(element.dataset.module);
    return new Player(element);
  } catch (error) {
    console.warn("The link to the host stays:", error);
    return null;
  }
}

export const pagePlayer = await find();
