// Three things to try; each is ticked when it was done and leads to where it is done.

import { el, icon } from './dom.js';
import { listen, store } from './store.js';
import { t } from './words.js';

const done = new Set();
const WRITES = ['text', 'photos', 'files', 'voice', 'tap', 'location', 'contact'];

/** `go(side)` shows a phone and puts the cursor into it. */
export function stepLine(go) {
  const sides = { 1: 'clients', 2: 'managers', 3: 'managers' };
  const nodes = [1, 2, 3].map((number) => el('li', {}, el('button', { type: 'button', class: 'step', data: { step: number }, on: { click: () => go(sides[number]) } },
    el('i', { class: 'step-number' }, el('span', { text: String(number) }), icon('check')),
    el('span', { class: 'step-words' }, el('b', { text: t(`step${number}`) }), el('span', { text: t(`step${number}_more`) })))));
  const list = el('ol', { class: 'steps' }, nodes);
  const paint = () => nodes.forEach((node, index) => {
    const isDone = done.has(index + 1);
    node.classList.toggle('is-done', isDone);
    node.classList.toggle('is-next', !isDone && [...Array(index).keys()].every((each) => done.has(each + 1)));
    node.firstChild.setAttribute('aria-label', `${index + 1}. ${t(`step${index + 1}`)}${isDone ? `, ${t('step_done')}` : ''}`);
  });
  listen('acted', (what) => {
    notice(what);
    paint();
  });
  listen('reset', () => {
    done.clear();
    paint();
  });
  paint();
  return list;
}

function notice({ key, name, fields }) {
  const isManager = store.managers.some((each) => each.key === key);
  if (!isManager && WRITES.includes(name)) done.add(1);
  if (!isManager) return;
  if (name === 'press') [1, 2].forEach((each) => done.add(each));
  if (done.has(2) && WRITES.includes(name) && !fields.text?.startsWith('/')) done.add(3);
}
