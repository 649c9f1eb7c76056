// While a finger or the mouse button is down nothing is drawn anew: a node that is replaced
// between press and release never gets its click.

let isDown = false;
const waiting = new Map();

addEventListener('pointerdown', () => { isDown = true; }, true);
for (const kind of ['pointerup', 'pointercancel', 'blur']) addEventListener(kind, release, true);

/** The click comes right after the release: what waited is drawn after it. */
function release() {
  isDown = false;
  setTimeout(() => {
    if (isDown) return;
    const due = [...waiting.values()];
    waiting.clear();
    for (const draw of due) draw();
  });
}

/** Draw now, or once after the press under way; `who` is drawn once however often it asked. */
export function whenReleased(who, draw) {
  if (isDown) waiting.set(who, draw);
  else draw();
}
