/* Shift+N and Shift+P lead to the next and the previous lesson. */
import { CAUGHT, isTyping } from "./typing.js";

const LINKS = { N: "next", P: "prev" };

document.addEventListener("keydown", (event) => {
  const rel = LINKS[event.key];
  if (!rel || !event.shiftKey || isTyping(event)) return;
  document.querySelector(`.lesson__nav a[rel="${rel}"]`)?.click();
}, CAUGHT);
