// What the page knows: people, bots, screens of all phones, the log. Tells who listens.

export const store = {
  boot: '',
  clients: [],
  managers: [],
  bots: {},
  phones: {},
  lines: [],
  telephone: null, // of the demo with telephony
  online: true,
};

const listeners = new Map();

/** Call `run` on every event of this kind; returns the way out. */
export function listen(kind, run) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(run);
  return () => listeners.get(kind).delete(run);
}

export function forgetListeners() {
  listeners.clear();
}

export function tell(kind, what) {
  for (const run of listeners.get(kind) || []) run(what);
}

export function takeState(state) {
  const { phones, telephone, ...rest } = state;
  Object.assign(store, rest);
  if (telephone) takeTelephone(telephone);
  for (const screen of Object.values(phones)) takeScreen(screen);
}

/** A screen replaces an older one of the same phone only. */
export function takeScreen(screen) {
  const known = store.phones[screen.key];
  if (known && known.rev >= screen.rev) return;
  screen.skew = screen.now - Date.now() / 1000;
  store.phones[screen.key] = screen;
  if (!known || fresh.delete(screen.key)) markAllSeen(screen);
  tell('screen', screen);
}

export function takeTelephone(telephone) {
  if (store.telephone && store.telephone.rev >= telephone.rev) return;
  telephone.skew = telephone.now - Date.now() / 1000;
  store.telephone = telephone;
  tell('telephone');
}

export function takeLines(lines) {
  const last = store.lines.length ? store.lines[store.lines.length - 1].id : 0;
  const fresh = lines.filter((line) => line.id > last);
  store.lines = [...store.lines, ...fresh].slice(-300);
  if (fresh.length) tell('lines', fresh);
}

export function startAgain(boot) {
  store.boot = boot;
  store.lines = [];
  for (const key of Object.keys(store.phones)) fresh.add(key);
  tell('reset');
}

export const personOf = (key) => [...store.clients, ...store.managers].find((each) => each.key === key);
export const botOf = (person) => store.bots[String(person.bot)];

/** Whether this person's window offers the act; a Telegram phone offers everything. */
export const can = (person, act) => (person.can ? person.can.includes(act) : !['read', 'subject'].includes(act));
export const skinOf = (person) => person.skin || 'telegram';

// --- what has been read --------------------------------------------------------------------

const seen = new Map();
const fresh = new Set(); // phones whose next screen is the beginning of a new demo
const place = (key, thread) => `${key}/${thread ?? ''}`;

function markAllSeen(screen) {
  for (const message of screen.messages) markSeen(screen.key, message.thread_id, message.message_id);
}

export function markSeen(key, thread, messageId) {
  const where = place(key, thread);
  if ((seen.get(where) || 0) < messageId) seen.set(where, messageId);
}

/** How many messages of others were not looked at; `thread` undefined = in the whole phone. */
export function unread(key, thread) {
  const screen = store.phones[key];
  if (!screen) return 0;
  return screen.messages.filter((each) => {
    if (each.mine || each.service || (thread !== undefined && each.thread_id !== thread)) return false;
    return each.message_id > (seen.get(place(key, each.thread_id)) || 0);
  }).length;
}
