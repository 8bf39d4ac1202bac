/*
 * A question that was posted for: in the history stands the page it came from, so that neither the way back nor a reload
 * sends the choice once more. <form data-asked-once> with the field back; where it has a text, writing can begin.
 */
const form = document.querySelector("form[data-asked-once]");
history.replaceState(null, "", form.elements.back.value);
form.querySelector("textarea")?.focus();
