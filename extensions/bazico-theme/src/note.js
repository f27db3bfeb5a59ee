// The box that says why something is not held, or that its time is over.

// Taken at once: a theme may replace the whole body, and the script must not fail for it.
const [note, words, again] = ["note", "text", "again"].map((name) => document.getElementById(`bazico-${name}`));

/** Shows a sentence; `isOver` adds the button that asks for a new hold. */
export function say(text, isOver) {
  words.textContent = text;
  again.hidden = !isOver;
  note.hidden = false;
}

/** Any of its buttons closes the box; `askAgain` is called for the one that asks for a new hold. */
export function watchNote(askAgain) {
  note.onclick = ({ target }) => {
    note.hidden = true;
    if (target === again) askAgain();
  };
}
