// The box that tells the shopper what there is to know of the holds, with at most one thing to do about it.
//
// Its words are a polite live region that is always there, so a screen reader says them once and when it is quiet. Nothing
// takes the focus; who closes the box from within it is back where they came from.

// Taken at once: a theme may replace the whole body, and the script must not fail for it.
const [note, words, action] = ["note", "text", "again"].map((name) => document.getElementById(`bazico-${name}`));

let onPress;
let cameFrom;

/** Shows a sentence; with `button`, a button of that name that calls `press`. */
export function say(text, button, press) {
  words.textContent = text;
  action.textContent = button || "";
  action.hidden = !button;
  onPress = press;
  note.dataset.open = "";
}

/** Any of its buttons closes the box, and so does Escape within it. */
export function watchNote() {
  note.onclick = ({ target }) => {
    if (target.type !== "button") return;
    close();
    if (target === action) onPress();
  };
  note.onkeydown = ({ key }) => {
    if (key === "Escape") close();
  };
  note.addEventListener("focusin", ({ relatedTarget: from }) => {
    if (from && !note.contains(from)) cameFrom = from;
  });
}

function close() {
  if (note.contains(document.activeElement)) cameFrom?.focus();
  delete note.dataset.open;
  words.textContent = "";
}
