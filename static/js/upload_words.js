/* Sizes, times and sentences of the upload page. Sentences stand in the page, so that they can be translated. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** As `media_library.wording.words_for_size` says it. */
export function sizeWords(bytes) {
  const power = Math.min(Math.floor((String(Math.max(Math.floor(bytes), 1)).length - 1) / 3), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${UNITS[power]}`;
}

/** As `media_library.wording.words_for_duration` says it. */
export function durationWords(seconds) {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const whole = Math.round(seconds / 60);
  const minutes = whole % 60;
  const hours = (whole - minutes) / 60;
  return hours ? `${hours} h ${String(minutes).padStart(2, "0")} min` : `${minutes} min`;
}

/** A sentence in which `{name}` stands for what is given. */
export function filled(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
}

/** Sentences by name from the data attributes of an element. */
export class Sentences {
  #sentences;

  constructor(element) {
    this.#sentences = element.dataset;
  }

  say(name, facts = {}) {
    return filled(this.#sentences[name] ?? "", facts);
  }

  /** The sentence `<name>One` or `<name>Many`, with `{count}`. */
  count(name, count, facts = {}) {
    return this.say(`${name}${count === 1 ? "One" : "Many"}`, { count, ...facts });
  }
}
